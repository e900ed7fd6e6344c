import {expect, it} from "vitest";
import {exitsTable} from "../../../../src/cli/status/exitsTable.js";
import {anExitLine, at} from "../../../support/examples/status.js";

const opened_at = at - 12 * 60_000;

it.each([
  {
    state: "open",
    exit: anExitLine(),
    expected: `public key          index  cluster  open for  shares                whose turn it is
0x92183f2a..9f8e0c   1000  alpha    12 min    2 of 3 shares (2, 3)  share index 1 waits: CONSENSUS_UNAVAILABLE since 18:11; share index 4 was never seen
`,
  },
  {
    state: "complete",
    exit: anExitLine({state: "complete", completed_at: opened_at + 40, is_taken: false}),
    expected: `public key          index  cluster  asked for  complete after  taken
0x92183f2a..9f8e0c   1000  alpha    18:02      40 ms           not yet
`,
  },
  {
    state: "rejected",
    exit: anExitLine({state: "rejected", lacks: [{share_index: 1, why: "refused", code: "INDEX_LIMIT"}]}),
    expected: `public key          index  cluster  asked for  shares                why
0x92183f2a..9f8e0c   1000  alpha    18:02      2 of 3 shares (2, 3)  share index 1 refuses: INDEX_LIMIT
`,
  },
  {
    state: "superseded",
    exit: anExitLine({state: "superseded"}),
    expected: `public key          index  cluster  asked for
0x92183f2a..9f8e0c   1000  alpha    18:02
`,
  },
  {
    state: "expired",
    exit: anExitLine({state: "expired", has: []}),
    expected: `public key          index  cluster  asked for  shares
0x92183f2a..9f8e0c   1000  alpha    18:02      0 of 3 shares
`,
  },
] as const)("lists $state exits with what is worth knowing of them", ({state, exit, expected}) => {
  expect(exitsTable({at, exits: [exit]}, {state})).toBe(expected);
});

it("says that there are none", () => {
  expect(exitsTable({at, exits: []}, {state: "open"})).toBe("no open exits\n");
});
