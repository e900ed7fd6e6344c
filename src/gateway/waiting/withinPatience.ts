import {setTimeout as delay} from "node:timers/promises";
import {Problem} from "../http/problem.js";

/** StakeWise's sidecars give up after 10 s. */
const patienceMs = 8000;

/**
 * The result of the work, or UNAVAILABLE when it takes longer than clients wait. The work goes on, and a client that asks again finds
 * its effect.
 */
export async function withinPatience<T>(work: Promise<T>, stillAtWork: string, waitMs = patienceMs): Promise<T> {
  if (await endsWithin(waitMs, work)) return work;
  throw new Problem("UNAVAILABLE", `${stillAtWork}; ask again`);
}

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
