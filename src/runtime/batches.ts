/**
 * Hands what is added to `work`, one batch after the other: what comes while one is at work goes together in the next. Each
 * caller learns how its own batch ended.
 */
export function createBatches<T>(work: (batch: readonly T[]) => Promise<void>): (item: T) => Promise<void> {
  let next: {items: T[]; done: Promise<void>} | undefined;
  let last: Promise<void> = Promise.resolve();
  const start = (): {items: T[]; done: Promise<void>} => {
    const items: T[] = [];
    const done = last.then(() => {
      next = undefined;
      return work(items);
    });
    last = done.catch(() => {});
    return {items, done};
  };
  return (item) => {
    next ??= start();
    next.items.push(item);
    return next.done;
  };
}
