import {describe, expect, it} from "vitest";
import {outcomeJson} from "../../../../src/cli/operator/outcomeJson.js";
import {outcomeText} from "../../../../src/cli/operator/outcomeText.js";
import type {CompletedExit, ExitsOutcome} from "../../../../src/client/outcome.js";
import {networks} from "../../../../src/consensus/networks.js";
import {anExitLine, at, lacks, publicKey} from "../../../support/examples/status.js";

const exitAt = (validatorIndex: number) => ({network: networks.hoodi, publicKey, validatorIndex});
const completed = {
  exit: exitAt(1),
  oraclesConfigHash: "0x00",
  result: {public_keys: ["0x11"], encrypted_exit_signatures: ["0x22"]},
} satisfies CompletedExit;
const outcome: ExitsOutcome = {
  completed: [completed],
  rejected: [{exit: exitAt(2), code: "EXIT_REFUSED", reason: "too many\u001b refuse"}],
  missing: [exitAt(1000), exitAt(1001)],
};
const read = {asked: [outcome.missing[0] as (typeof outcome.missing)[number]], page: {at, exits: [anExitLine()]}};

describe("the outcome of a request", () => {
  it("is for people: how many are completed, why others are rejected, and whose turn the missing ones are", () => {
    expect(outcomeText(outcome, {medianMs: 40, read})).toEqual({
      summary: "1 of 4 exits completed, median 40 ms from request to completion\n",
      details: `rejected:
  hoodi:${publicKey}:2 EXIT_REFUSED: too many? refuse
still missing (run the same command again to go on):
  1 exit open since 18:02: 2 of 3 shares (2, 3); share index 1 waits: CONSENSUS_UNAVAILABLE since 18:11; share index 4 was never seen
    hoodi:${publicKey}:1000
  hoodi:${publicKey}:1001
`,
    });
  });

  it("lists what is missing where no relayer says why", () => {
    expect(outcomeText({...outcome, rejected: []}, {}).details).toBe(`still missing (run the same command again to go on):
  no relayer says why
  hoodi:${publicKey}:1000
  hoodi:${publicKey}:1001
`);
  });

  it("has no details if all are completed", () => {
    expect(outcomeText({...outcome, rejected: [], missing: []}, {})).toEqual({summary: "1 of 1 exits completed\n", details: ""});
  });

  it("is for programs too, without results", () => {
    const text = outcomeJson(outcome, {medianMs: 40, read});
    expect(text.endsWith("}\n")).toBe(true);
    expect(JSON.parse(text)).toEqual({
      median_ms: 40,
      completed: [{public_key: publicKey, validator_index: 1}],
      rejected: [{public_key: publicKey, validator_index: 2, code: "EXIT_REFUSED", reason: "too many\u001b refuse"}],
      missing: [
        {
          public_key: publicKey,
          validator_index: 1000,
          state: "open",
          opened_at: at - 12 * 60_000,
          has: [2, 3],
          needs: 3,
          lacks: [...lacks],
        },
        {public_key: publicKey, validator_index: 1001},
      ],
    });
  });
});
