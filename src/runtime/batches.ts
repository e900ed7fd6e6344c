import {setImmediate as turnOfTheLoop} from "node:timers/promises";

/**
 * Hands what is added to `work`, one batch of at most `size` after the other: what comes while one is at work goes together in
 * the next. `work` is done with a batch when the next may begin; what it returns, by position, is what became of each, now or
 * later. Where it throws, that became of all of them.
 */
export function createBatches<T, R = void>(
  work: (batch: readonly T[]) => Promise<readonly (R | PromiseLike<R>)[]>,
  size = Number.POSITIVE_INFINITY,
): (item: T) => Promise<R> {
  type Waiting = {item: T; resolve: (became: R | PromiseLike<R>) => void; reject: (error: unknown) => void};
  const waiting: Waiting[] = [];
  let running = false;

  const run = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      // What has arrived already goes together.
      await turnOfTheLoop();
      const batch = waiting.splice(0, size);
      try {
        const became = await work(batch.map(({item}) => item));
        for (const [position, {resolve}] of batch.entries()) resolve(became[position] as R);
      } catch (error) {
        for (const {reject} of batch) reject(error);
      }
    }
    running = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({item, resolve, reject});
      if (!running) void run();
    });
}
