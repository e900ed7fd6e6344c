import {describe, expect, it} from "vitest";
import {compare} from "../../bench/compare.js";
import {type Figure, type Run, toFigure, withSign} from "../../bench/figures.js";

const aRun = (...figures: Figure[]): Run => ({
  benchmark: "parts",
  commit: "0123456789",
  at: "2026-01-01T00:00:00.000Z",
  machine: "any",
  options: {},
  figures,
});

describe("compare", () => {
  it.each([
    {id: "slower in every round", now: [20, 22, 24], before: [10, 11, 12], change: 1, isClear: true},
    {id: "faster in every round", now: [5, 5, 5], before: [10, 10, 10], change: -0.5, isClear: true},
    {id: "among the rounds of before", now: [10, 12, 14], before: [9, 12, 13], change: 0, isClear: false},
    {id: "slower, but not in every round", now: [12, 24, 25], before: [11, 12, 13], change: 1, isClear: false},
  ])("tells $id", ({now, before, change, isClear}) => {
    const comparison = compare([toFigure("verify", "µs", now)], [aRun(toFigure("verify", "µs", before))]);
    expect(comparison.get("verify")).toMatchObject({change, isClear, isPerSign: false});
  });

  it("compares per sign, so that another machine is no change", () => {
    const slow = withSign(toFigure("verify", "µs", [30, 33]), [10, 11]);
    const fast = withSign(toFigure("verify", "µs", [3, 6]), [1, 2]);
    expect(compare([fast], [aRun(slow)]).get("verify")).toEqual({before: 3, change: 0, isClear: false, isPerSign: true});
  });

  it("takes the rounds of several earlier runs together", () => {
    const earlier = [[1], [2], [9]].map((values) => aRun(toFigure("verify", "µs", values)));
    expect(compare([toFigure("verify", "µs", [4])], earlier).get("verify")).toMatchObject({before: 2, change: 1, isClear: false});
  });

  it.each([
    {id: "another name", figure: toFigure("recover", "µs", [1])},
    {id: "another unit", figure: toFigure("verify", "ms", [1])},
  ])("says nothing of a figure that was not there before: $id", ({figure}) => {
    expect(compare([toFigure("verify", "µs", [1])], [aRun(figure)])).toEqual(new Map());
  });
});
