import {setTimeout as delay} from "node:timers/promises";
import type {Waiting} from "../runtime/batches.js";
import {groupBy} from "../runtime/groupBy.js";
import type {Share} from "./collecting.js";

/** As many exits as are verified, written and published together. */
const exitsAtOnce = 32;
const sharesAtOnce = 128;
/** An idle aggregator gives the others of an exit so many milliseconds to come too: one write then does for all of them. */
const gatherMs = 5;
/** Nothing waits longer than this for the others of its exit. */
const patienceMs = 5000;

/**
 * Which of the waiting shares go next: those of exits that have enough here, so that most shares are never stored at all. Where
 * none has, or some have waited long, what came first.
 */
export async function chooseShares(waiting: readonly Waiting<Share>[]): Promise<readonly Waiting<Share>[]> {
  for (let waited = 0; waited < gatherMs && !hasLongWaited(waiting) && enough(waiting).length === 0; waited++) await delay(1);
  const ready = hasLongWaited(waiting) ? [] : enough(waiting);
  return ready.length > 0 ? ready : waiting.slice(0, sharesAtOnce);
}

const hasLongWaited = ([first]: readonly Waiting<Share>[]): boolean =>
  first !== undefined && performance.now() - first.sinceMs > patienceMs;

function enough(waiting: readonly Waiting<Share>[]): Waiting<Share>[] {
  const ready: Waiting<Share>[][] = [];
  for (const shares of groupBy(waiting, ({item}) => item.key).values()) {
    const indexes = new Set(shares.map(({item}) => item.shareIndex));
    if (indexes.size >= (shares[0]?.item.threshold ?? 0)) ready.push(shares);
    if (ready.length === exitsAtOnce) break;
  }
  return ready.flat();
}
