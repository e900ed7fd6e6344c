import {setImmediate} from "node:timers/promises";

let last: Promise<void> = Promise.resolve();

/**
 * Resolves in a turn of the event loop of its own: many long computations that yield at once run one in a turn, so messages and
 * timers wait for one of them, not for all.
 */
export function yieldToEventLoop(): Promise<void> {
  last = last.then(() => setImmediate());
  return last;
}
