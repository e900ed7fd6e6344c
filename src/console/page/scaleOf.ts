/** Where times are on a line from 0 to 1, on which every gap of more than a second is shortened. */
export type Scale = {
  readonly positionOf: (ms: number) => number;
  readonly shortened: readonly {readonly from: number; readonly to: number; readonly ms: number}[];
};

const longerThanMs = 1000;
const longest = 0.12;
/** What all shortened gaps may take together, if there are others. */
const mostShortened = 0.6;

export function scaleOf(times: readonly number[]): Scale {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((to, position) => to - (sorted[position] ?? to));
  const long = gaps.filter((gap) => gap > longerThanMs).length;
  const shortMs = gaps.reduce((sum, gap) => sum + (gap > longerThanMs ? 0 : gap), 0);
  const ofLong = shortMs === 0 ? 1 / Math.max(1, long) : Math.min(longest, mostShortened / Math.max(1, long));
  const widthOf = (gap: number): number => (gap > longerThanMs ? ofLong : (gap / shortMs) * (1 - ofLong * long));
  const positions = new Map<number, number>();
  let position = 0;
  for (const [order, time] of sorted.entries()) {
    if (order > 0) position += widthOf(gaps[order - 1] ?? 0);
    positions.set(time, position);
  }
  const positionOf = (ms: number): number => positions.get(ms) ?? 0;
  const shortened = gaps.flatMap((ms, order) => {
    const [from = 0, to = 0] = [sorted[order], sorted[order + 1]];
    return ms > longerThanMs ? [{from: positionOf(from), to: positionOf(to), ms}] : [];
  });
  return {positionOf, shortened};
}
