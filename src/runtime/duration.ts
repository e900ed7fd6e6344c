const unitsMs = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000} as const;

export const durationPattern = "^[1-9][0-9]{0,8}(ms|s|m|h|d)$";

/** Converts "30s" to 30000; the text must match durationPattern. */
export function parseDurationMs(text: string): number {
  const [, count, unit] = /^([0-9]+)([a-z]+)$/.exec(text) ?? [];
  return Number(count) * unitsMs[unit as keyof typeof unitsMs];
}
