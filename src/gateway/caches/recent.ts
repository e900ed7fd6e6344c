import {createSlidingWindow} from "../../runtime/slidingWindow.js";

/** The keys that were added within the last `ttlMs`. It only saves work: what it forgets is done once more. */
export type Recent = {has(key: string): boolean; add(key: string): void};

export function createRecent(ttlMs: number, now: () => number = () => performance.now()): Recent {
  const added = createSlidingWindow(ttlMs);
  return {has: (key) => added.has(key, now()), add: (key) => added.add(key, now())};
}

const warnAgainAfterMs = 3_600_000;

/** Logs the same warning at most once an hour: clients poll, and every poll finds it again. */
export type WarnOnce = (fields: object, message: string) => void;

export function createWarnOnce(logger: {warn: WarnOnce}): WarnOnce {
  const warned = createRecent(warnAgainAfterMs);
  return (fields, message) => {
    const key = JSON.stringify([message, fields]);
    if (warned.has(key)) return;
    warned.add(key);
    logger.warn(fields, message);
  };
}
