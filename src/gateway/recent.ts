/** Which keys were added within the last `ttlMs`. It only saves work: whoever forgets does it once more. */
export type Recent = {has(key: string): boolean; add(key: string): void};

export function createRecent(ttlMs: number, now: () => number = Date.now): Recent {
  const addedAt = new Map<string, number>();
  const forget = (): void => {
    for (const [key, at] of addedAt) {
      if (now() - at < ttlMs) return;
      addedAt.delete(key);
    }
  };
  return {
    has: (key) => now() - (addedAt.get(key) ?? Number.NEGATIVE_INFINITY) < ttlMs,
    add(key) {
      forget();
      // Taken out first, so that the order of the map stays that of the times.
      addedAt.delete(key);
      addedAt.set(key, now());
    },
  };
}
