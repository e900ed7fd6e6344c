/**
 * Shares one call of `ask` among all callers at the same time and for `ms` after it ended, or `factor` times as long as it took if that
 * is longer; a failure is remembered as long.
 */
export function rememberFor<T>(ms: number, ask: () => Promise<T>, {factor = 0} = {}): () => Promise<T> {
  let asked: Promise<T> | undefined;
  let staleAt = Number.POSITIVE_INFINITY;
  return () => {
    if (asked === undefined || performance.now() >= staleAt) {
      staleAt = Number.POSITIVE_INFINITY;
      const startedAt = performance.now();
      asked = ask().finally(() => {
        const endedAt = performance.now();
        staleAt = endedAt + Math.max(ms, factor * (endedAt - startedAt));
      });
    }
    return asked;
  };
}
