import {setTimeout as delay} from "node:timers/promises";

/** Whether the work ends in this time. It goes on if not. */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const ended = new AbortController();
  const tooLong = delay(ms, false, {signal: ended.signal});
  try {
    return await Promise.race([work.then(() => true), tooLong]);
  } finally {
    ended.abort();
  }
}
