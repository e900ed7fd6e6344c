/** Asks once for all who ask at the same time, or within `ms` after it was answered; a failure is remembered as long. */
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
