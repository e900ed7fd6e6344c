import {setTimeout as delay} from "node:timers/promises";
import {Problem} from "./http/problem.js";

/** StakeWise's sidecars give up after 10 s. */
const patienceMs = 8000;

/**
 * What comes of the work, or UNAVAILABLE where it takes longer than clients wait. It goes on then, and who asks again finds done
 * what was done.
 */
export async function withinPatience<T>(work: Promise<T>, stillAtWork: string, waitMs = patienceMs): Promise<T> {
  const answered = new AbortController();
  const tooLong = delay(waitMs, undefined, {signal: answered.signal}).then(() => {
    throw new Problem("UNAVAILABLE", `${stillAtWork}; ask again`);
  });
  // Whichever loses the race is nobody's any more.
  for (const promise of [work, tooLong]) promise.catch(() => {});
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    answered.abort();
  }
}
