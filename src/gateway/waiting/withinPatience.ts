import {endsWithin} from "../../runtime/endsWithin.js";
import {Problem} from "../../web/problem.js";

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
