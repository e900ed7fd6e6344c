import {expect, it} from "vitest";
import {timeText} from "../../../src/cli/timeText.js";
import {at, atTime} from "../../support/examples/status.js";

it.each([
  {id: "the minute", ms: atTime(18, 2, 59), precision: "minutes", expected: "18:02"},
  {id: "the second", ms: atTime(8, 2, 4), precision: "seconds", expected: "08:02:04"},
  {id: "the millisecond", ms: atTime(18, 2, 4, 7), precision: "milliseconds", expected: "18:02:04.007"},
  {
    id: "the day, unless it is today",
    ms: new Date(2026, 10, 28, 18, 14).getTime(),
    precision: "minutes",
    expected: "28 Nov 18:14",
  },
  {
    id: "the year, unless it is this one",
    ms: new Date(2025, 0, 3, 0, 5).getTime(),
    precision: "minutes",
    expected: "3 Jan 2025 00:05",
  },
] as const)("shows $id", ({ms, precision, expected}) => {
  expect(timeText(ms, at, precision)).toBe(expected);
});
