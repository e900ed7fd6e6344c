import {expect, it} from "vitest";
import type {Lack} from "../../../../schemas/status.js";
import {lacksText} from "../../../../src/cli/status/lacksText.js";
import {at, atTime} from "../../../support/examples/status.js";

const waits = {why: "waits", code: "CONSENSUS_UNAVAILABLE", since: atTime(18, 11)} as const;

it.each<{id: string; lacks: Lack[]; expected: string}>([
  {id: "waits", lacks: [{share_index: 1, ...waits}], expected: "share index 1 waits: CONSENSUS_UNAVAILABLE since 18:11"},
  {
    id: "refuses",
    lacks: [{share_index: 1, why: "refused", code: "KEY_NOT_ALLOWED"}],
    expected: "share index 1 refuses: KEY_NOT_ALLOWED",
  },
  {
    id: "is away",
    lacks: [{share_index: 4, why: "away", since: new Date(2026, 10, 28, 9, 2).getTime()}],
    expected: "share index 4 is away since 28 Nov 09:02",
  },
  {id: "was never seen", lacks: [{share_index: 4, why: "away"}], expected: "share index 4 was never seen"},
  {
    id: "was asked",
    lacks: [{share_index: 4, why: "asked", since: atTime(18, 14)}],
    expected: "share index 4 was asked at 18:14 and has said nothing yet",
  },
  {
    id: "waits beside others, in the order that they come",
    lacks: [
      {share_index: 1, ...waits},
      {share_index: 2, why: "asked"},
      {share_index: 3, ...waits, since: atTime(18, 11, 30)},
      {share_index: 4, why: "asked"},
    ],
    expected:
      "share indexes 1, 3 wait: CONSENSUS_UNAVAILABLE since 18:11; share indexes 2, 4 were asked and have said nothing yet",
  },
])("says who $id", ({lacks, expected}) => {
  expect(lacksText(lacks, at)).toBe(expected);
});
