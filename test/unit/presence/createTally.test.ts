import {expect, it} from "vitest";
import {createTally} from "../../../src/presence/createTally.js";

it("counts what was signed, when last, and the refusals by code, the most frequent first", () => {
  let now = 1000;
  const tally = createTally(() => now);
  expect(tally.read()).toEqual({signed: {count: 0}, refused: []});
  tally.signed(3);
  now = 2000;
  tally.signed(0);
  tally.refused("INDEX_LIMIT");
  tally.refused("VALIDATOR_ACTIVE");
  tally.refused("VALIDATOR_ACTIVE");
  expect(tally.read()).toEqual({
    signed: {count: 3, last_at: 1000},
    refused: [
      {code: "VALIDATOR_ACTIVE", count: 2},
      {code: "INDEX_LIMIT", count: 1},
    ],
  });
});

it("lists the 16 most frequent codes", () => {
  const tally = createTally(() => 0);
  for (let code = 0; code < 20; code++) for (let times = 0; times <= code; times++) tally.refused(`CODE_${"X".repeat(code)}`);
  const {refused} = tally.read();
  expect(refused.map(({count}) => count)).toEqual(Array.from({length: 16}, (_, position) => 20 - position));
});
