import {expect, it} from "vitest";
import {agoText} from "../../../src/runtime/agoText.js";

it.each([
  {ms: -5, expected: "now"},
  {ms: 1999, expected: "now"},
  {ms: 2000, expected: "2 s ago"},
  {ms: 9999, expected: "9 s ago"},
  {ms: 10_000, expected: "10 s ago"},
  {ms: 720_000, expected: "12 min ago"},
])("says $ms ms as $expected", ({ms, expected}) => {
  expect(agoText(ms)).toBe(expected);
});
