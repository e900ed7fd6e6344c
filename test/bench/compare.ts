import type {Figure, Run} from "./figures.js";
import {summarize} from "./statistics.js";

export type Comparison = {
  /** The median of the earlier rounds, per `sign` where isPerSign. */
  before: number;
  /** Of the median, as a part of the earlier one: 0.1 is a tenth more. */
  change: number;
  /** No round of now lies among the rounds of before. */
  isClear: boolean;
  isPerSign: boolean;
};

/** By figure, against the rounds of all earlier runs together. Times are compared per `sign` where both have it: machines differ. */
export function compare(figures: readonly Figure[], earlier: readonly Run[]): Map<string, Comparison> {
  const comparisons = new Map<string, Comparison>();
  for (const figure of figures) {
    const others = earlier.flatMap(
      (run) => run.figures.find(({name, unit}) => name === figure.name && unit === figure.unit) ?? [],
    );
    if (others.length === 0) continue;
    const isPerSign = [figure, ...others].every(({perSign}) => perSign !== undefined);
    const valuesOf = ({values, perSign}: Figure): readonly number[] => (isPerSign ? (perSign ?? []) : values);
    const now = summarize(valuesOf(figure));
    const before = summarize(others.flatMap(valuesOf));
    const isClear = now.min > before.max || now.max < before.min;
    const change = before.median === 0 ? 0 : now.median / before.median - 1;
    comparisons.set(figure.name, {before: before.median, change, isClear, isPerSign});
  }
  return comparisons;
}
