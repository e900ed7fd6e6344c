export type Summary = {min: number; median: number; max: number};

/** The value that this part of the values, from 0 to 1, is not above: by nearest rank, so always one of them. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export const summarize = (values: readonly number[]): Summary => ({
  min: Math.min(...values),
  median: median(values),
  max: Math.max(...values),
});

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
