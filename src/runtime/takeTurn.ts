import {setImmediate as turnOfTheLoop} from "node:timers/promises";

let last: Promise<void> = Promise.resolve();

/**
 * Resolves in a turn of the event loop that nobody else has taken: what takes a while, and is done by many at once, does not
 * keep messages and timers waiting for all of them.
 */
export function takeTurn(): Promise<void> {
  last = last.then(() => turnOfTheLoop());
  return last;
}
