/** Shares one call of `ask` among all callers at the same time and for `ms` after it ended; a failure is remembered as long. */
export function rememberFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  let staleAt = Number.POSITIVE_INFINITY;
  return () => {
    if (asked === undefined || performance.now() >= staleAt) {
      staleAt = Number.POSITIVE_INFINITY;
      asked = ask().finally(() => {
        staleAt = performance.now() + ms;
      });
    }
    return asked;
  };
}
