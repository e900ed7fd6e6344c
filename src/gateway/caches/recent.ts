import {createSlidingWindow} from "../../runtime/slidingWindow.js";

/** The keys that were added within the last `ttlMs`. It only saves work: what it forgets is done once more. */
export type Recent = {has(key: string): boolean; add(key: string): void};

export function createRecent(ttlMs: number, now: () => number = () => performance.now()): Recent {
  const added = createSlidingWindow(ttlMs);
  return {has: (key) => added.has(key, now()), add: (key) => added.add(key, now())};
}
