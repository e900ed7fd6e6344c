import {setImmediate as yieldToEventLoop} from "node:timers/promises";

/** One that waits, and since when. */
export type Waiting<T> = {readonly item: T; readonly sinceMs: number};

/** Resolves when something is added, or after so many milliseconds. */
export type More = (withinMs: number) => Promise<void>;

/**
 * Hands what is added to `work`, one batch after the other: what comes while one is at work goes together in the next, unless
 * `choose` waits for more, or takes some of them first. `work` is done with a batch when the next may begin; what it returns,
 * by position, is what became of each, now or later. Where it throws, that became of all of them.
 */
export function createBatches<T, R = void>(
  work: (batch: readonly T[]) => Promise<readonly (R | PromiseLike<R>)[]>,
  choose: (waiting: readonly Waiting<T>[], more: More) => Promise<readonly Waiting<T>[]> = async (waiting) => waiting,
): (item: T) => Promise<R> {
  type Added = Waiting<T> & {resolve: (became: R | PromiseLike<R>) => void; reject: (error: unknown) => void};
  const waiting: Added[] = [];
  let isRunning = false;
  let wake = (): void => {};

  const more: More = (withinMs) =>
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
      // What has arrived already goes together.
      await yieldToEventLoop();
      const chosen = new Set(await choose(waiting, more));
      const all = waiting.splice(0);
      waiting.push(...all.filter((it) => !chosen.has(it)));
      const batch = all.filter((it) => chosen.has(it));
      try {
        const became = await work(batch.map(({item}) => item));
        for (const [position, {resolve}] of batch.entries()) resolve(became[position] as R);
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
