const units = [
  {unit: "d", ms: 86_400_000, from: 2},
  {unit: "h", ms: 3_600_000, from: 2},
  {unit: "min", ms: 60_000, from: 2},
  {unit: "s", ms: 1000, from: 10},
] as const;

/** A duration as people say it, rounded down: "40 ms", "4.2 s", "75 s", "12 min", "3 h", "9 d". */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.floor(ms));
  const largest = units.find((it) => whole >= it.from * it.ms);
  if (largest) return `${Math.floor(whole / largest.ms)} ${largest.unit}`;
  return whole < 1000 ? `${whole} ms` : `${(Math.floor(whole / 100) / 10).toFixed(1)} s`;
}
