import {expect, it} from "vitest";
import type {ExitLine} from "../../../../schemas/status.js";
import {groupMissing} from "../../../../src/cli/operator/groupMissing.js";
import {networks} from "../../../../src/consensus/networks.js";
import {anExitLine, at, atTime, lacks, publicKey} from "../../../support/examples/status.js";

const exitAt = (validatorIndex: number) => ({network: networks.hoodi, publicKey, validatorIndex});
const lineAt = (validator_index: number, more: Partial<ExitLine> = {}): ExitLine => anExitLine({validator_index, ...more});

const groupsOf = (lines: ExitLine[], indexes = lines.map(({validator_index}) => validator_index)) =>
  groupMissing(indexes.map(exitAt), {at, exits: lines}).map(({text, exits}) => [
    text,
    ...exits.map(({validatorIndex}) => validatorIndex),
  ]);

it("shows exits that lack the same for the same reasons together, since the oldest was asked for", () => {
  const later = [{...(lacks[0] as ExitLine["lacks"][number]), since: atTime(18, 12)}, ...lacks.slice(1)];
  const lines = [
    lineAt(1, {opened_at: atTime(18, 5)}),
    lineAt(2, {has: [2]}),
    lineAt(3, {opened_at: atTime(18, 1), lacks: later}),
  ];
  expect(groupsOf(lines)).toEqual([
    [
      "2 exits open since 18:01: 2 of 3 shares (2, 3); share index 1 waits: CONSENSUS_UNAVAILABLE since 18:11; share index 4 was never seen",
      1,
      3,
    ],
    [
      "1 exit open since 18:02: 1 of 3 shares (2); share index 1 waits: CONSENSUS_UNAVAILABLE since 18:11; share index 4 was never seen",
      2,
    ],
  ]);
});

it.each([
  {state: "complete", expected: "1 exit: complete, the result is on its way"},
  {state: "rejected", expected: "1 exit: rejected, the answer is on its way"},
  {state: "superseded", expected: "1 exit: superseded by another index of the same key"},
  {state: "expired", expected: "1 exit: expired, to be asked for again"},
] as const)("says that an exit is $state by now", ({state, expected}) => {
  expect(groupsOf([lineAt(1, {state})])).toEqual([[expected, 1]]);
});

it("says which exits the relayer does not know yet", () => {
  expect(groupsOf([], [7, 8])).toEqual([["2 exits: not at the relayer yet", 7, 8]]);
});
