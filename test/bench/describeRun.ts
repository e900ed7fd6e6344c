import {type Comparison, compare} from "./compare.js";
import type {Figure, Run} from "./figures.js";
import {summarize} from "./statistics.js";
import {toTable, toText} from "./table.js";

/** A row for each figure: over the rounds, per `sign`, and against earlier runs where there are any. */
export function describeRun(run: Run, earlier: readonly Run[]): string {
  const comparisons = compare(run.figures, earlier);
  const headings = ["", "min", "median", "max", "unit", "× sign", ...(earlier.length > 0 ? ["before", "change"] : [])];
  const rows = run.figures.map((figure) => [...toCells(figure), ...toChange(comparisons.get(figure.name))]);
  const head = [`${run.benchmark} at ${run.commit}, ${run.machine}`, toOptions(run.options)];
  return [
    ...head,
    ...earlier.map(({commit, at, options}) => `before: ${commit}, ${at}, ${toOptions(options)}`),
    "",
    toTable(headings, rows),
    "",
  ].join("\n");
}

const toOptions = (options: Run["options"]): string =>
  Object.entries(options)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");

function toCells({name, unit, values, perSign}: Figure): string[] {
  const {min, median, max} = summarize(values);
  return [name, toText(min), toText(median), toText(max), unit, perSign ? toText(summarize(perSign).median) : ""];
}

function toChange(comparison: Comparison | undefined): string[] {
  if (!comparison) return [];
  const {before, change, isClear, isPerSign} = comparison;
  const percent = `${change > 0 ? "+" : ""}${(change * 100).toFixed(1)} %`;
  return [`${toText(before)}${isPerSign ? " ×" : ""}`, isClear ? percent : `(${percent})`];
}
