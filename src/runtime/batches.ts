import {setImmediate as yieldToEventLoop} from "node:timers/promises";

/** An item that waits, and since when. */
export type WaitingItem<T> = {readonly item: T; readonly sinceMs: number};

/** Resolves when an item is added, or after `withinMs`. */
export type WaitForMore = (withinMs: number) => Promise<void>;

/**
 * Passes added items to `work`, one batch at a time: items that are added meanwhile form the next batch, unless `choose` waits
 * for more or selects some of them first. The next batch may begin once `work` has resolved with a result, or a promise of one,
 * for each item, by position; if it throws, all items of the batch fail.
 */
export function createBatches<T, R = void>(
  work: (batch: readonly T[]) => Promise<readonly (R | PromiseLike<R>)[]>,
  choose: (waiting: readonly WaitingItem<T>[], more: WaitForMore) => Promise<readonly WaitingItem<T>[]> = async (waiting) =>
    waiting,
): (item: T) => Promise<R> {
  type Added = WaitingItem<T> & {resolve: (outcome: R | PromiseLike<R>) => void; reject: (error: unknown) => void};
  const waiting: Added[] = [];
  let isRunning = false;
  let wake = (): void => {};

  const more: WaitForMore = (withinMs) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    isRunning = true;
    while (waiting.length > 0) {
      // Items that have already arrived go together.
      await yieldToEventLoop();
      const chosen = new Set(await choose(waiting, more));
      const all = waiting.splice(0);
      waiting.push(...all.filter((it) => !chosen.has(it)));
      const batch = all.filter((it) => chosen.has(it));
      try {
        const outcomes = await work(batch.map(({item}) => item));
        for (const [position, {resolve}] of batch.entries()) resolve(outcomes[position] as R);
      } catch (error) {
        for (const {reject} of batch) reject(error);
      }
    }
    isRunning = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({item, sinceMs: performance.now(), resolve, reject});
      wake();
      if (!isRunning) void run();
    });
}
