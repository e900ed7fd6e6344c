import {setTimeout as delay} from "node:timers/promises";

/**
 * Runs the task on request, one run at a time and `gapMs` after the previous one ended. Each call gets the next run that begins
 * after it; all calls before a run begins share that run.
 */
export function oneAtATime(task: () => Promise<void>, gapMs = 0): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let endedAt = Number.NEGATIVE_INFINITY;
  let next: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    await last.catch(() => {});
    const waitMs = endedAt + gapMs - performance.now();
    if (waitMs > 0) await delay(Math.ceil(waitMs));
    next = undefined;
    last = task().finally(() => {
      endedAt = performance.now();
    });
    await last;
  };
  return () => {
    next ??= run();
    return next;
  };
}
