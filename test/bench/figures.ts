/** One thing that was measured, once in each round. */
export type Figure = {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** The same as a multiple of the time of one BLS `sign` of the same round: what can be compared between machines. */
  readonly perSign?: readonly number[];
};

/** What one run of a benchmark came to. */
export type Run = {
  readonly benchmark: string;
  /** With + where the work tree had changes. */
  readonly commit: string;
  readonly at: string;
  readonly machine: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly figures: readonly Figure[];
};

export const toFigure = (name: string, unit: string, values: readonly number[]): Figure => ({name, unit, values});

/** `values` and `signs` in the same unit, round by round. */
export const withSign = (figure: Figure, signs: readonly number[]): Figure => ({
  ...figure,
  perSign: figure.values.map((value, round) => value / (signs[round] as number)),
});
