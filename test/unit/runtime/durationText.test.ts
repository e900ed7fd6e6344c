import {expect, it} from "vitest";
import {durationText} from "../../../src/runtime/durationText.js";

it.each([
  {ms: -5, expected: "0 ms"},
  {ms: 40.7, expected: "40 ms"},
  {ms: 999, expected: "999 ms"},
  {ms: 1000, expected: "1.0 s"},
  {ms: 9999, expected: "9.9 s"},
  {ms: 10_000, expected: "10 s"},
  {ms: 119_999, expected: "119 s"},
  {ms: 120_000, expected: "2 min"},
  {ms: 12 * 60_000 + 59_999, expected: "12 min"},
  {ms: 7_200_000, expected: "2 h"},
  {ms: 2 * 86_400_000 - 1, expected: "47 h"},
  {ms: 9 * 86_400_000, expected: "9 d"},
])("says $ms ms as $expected", ({ms, expected}) => {
  expect(durationText(ms)).toBe(expected);
});
