import {describe, expect, it} from "vitest";
import {percentile, sum, summarize} from "../../bench/statistics.js";

const toHundred = Array.from({length: 100}, (_, position) => 100 - position);

describe("percentile", () => {
  it.each([
    {id: "the half of an odd number of values", values: [3, 1, 2], part: 0.5, is: 2},
    {id: "the half of an even number of values", values: [4, 1, 3, 2], part: 0.5, is: 2},
    {id: "95 of 100", values: toHundred, part: 0.95, is: 95},
    {id: "99 of 100", values: toHundred, part: 0.99, is: 99},
    {id: "everything", values: toHundred, part: 1, is: 100},
    {id: "nothing", values: toHundred, part: 0, is: 1},
    {id: "99 of one value", values: [7], part: 0.99, is: 7},
  ])("is one of the values: $id", ({values, part, is}) => {
    expect(percentile(values, part)).toBe(is);
  });

  it("leaves the values in their order", () => {
    const values = [3, 1, 2];
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});

it("summarizes in minimum, median and maximum", () => {
  expect(summarize([5, 1, 9])).toEqual({min: 1, median: 5, max: 9});
});

it("sums, also nothing", () => {
  expect([sum([1, 2, 3]), sum([])]).toEqual([6, 0]);
});
