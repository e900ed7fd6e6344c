import type {More, Waiting} from "../runtime/batches.js";
import {groupBy} from "../runtime/groupBy.js";
import type {SignatureShare} from "./gathered.js";

/** As many exits as are verified, written and published together. */
const exitsAtOnce = 32;
const sharesAtOnce = 128;
const copiesAtOnce = 2;
/** An idle aggregator gives the others of an exit so many milliseconds to come too: one write then does for all of them. */
const gatherMs = 5;
/** Nothing waits longer than this for the others of its exit. */
const patienceMs = 5000;

type Choosable = Pick<SignatureShare, "key" | "threshold" | "validator" | "shareIndex">;

/**
 * Which of the waiting shares go next: those of exits that have enough here, so that most shares are never stored at all; and
 * first of these the exits that have them all, of which none comes late. Where none has, or some have waited long, what came
 * first.
 */
export async function chooseShares<S extends Choosable>(
  waiting: readonly Waiting<S>[],
  more: More,
): Promise<readonly Waiting<S>[]> {
  if (hasLongWaited(waiting)) return waiting.slice(0, sharesAtOnce);
  const untilMs = performance.now() + gatherMs;
  let ready = findReady(waiting);
  for (let leftMs = gatherMs; leftMs > 0 && !ready; leftMs = untilMs - performance.now()) {
    await more(leftMs);
    ready = findReady(waiting);
  }
  return ready ?? waiting.slice(0, sharesAtOnce);
}

const hasLongWaited = ([first]: readonly Waiting<Choosable>[]): boolean =>
  first !== undefined && performance.now() - first.sinceMs > patienceMs;

function findReady<S extends Choosable>(waiting: readonly Waiting<S>[]): readonly Waiting<S>[] | undefined {
  const whole: Waiting<S>[][] = [];
  const enough: Waiting<S>[][] = [];
  for (const shares of groupBy(waiting, ({item}) => item.key).values()) {
    const {threshold, validator} = (shares[0] as Waiting<S>).item;
    const byIndex = groupBy(shares, ({item}) => String(item.shareIndex));
    // Copies of one are no help: a few go with it, so that nobody can fill a batch with them.
    const some = [...byIndex.values()].flatMap((copies) => copies.slice(0, copiesAtOnce));
    if (byIndex.size === validator.publicKeyShares.size) whole.push(some);
    else if (byIndex.size >= threshold) enough.push(some);
    if (whole.length === exitsAtOnce) break;
  }
  const ready = whole.length > 0 ? whole : enough.slice(0, exitsAtOnce);
  return ready.length > 0 ? ready.flat() : undefined;
}
