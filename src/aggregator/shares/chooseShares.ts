import type {WaitForMore, WaitingItem} from "../../runtime/batches.js";
import {groupBy} from "../../runtime/groupBy.js";
import type {SignatureShare} from "./shareGroup.js";

/** The most exits that are verified, written and published together. */
const exitsAtOnce = 32;
const sharesAtOnce = 128;
const copiesAtOnce = 2;
/** An idle aggregator waits this long for the other shares of an exit, so that one write does for all of them. */
const gatherMs = 5;
/** A share waits no longer than this for the others of its exit. */
const patienceMs = 5000;

type Choosable = Pick<SignatureShare<unknown>, "key" | "threshold" | "validator" | "shareIndex">;

/**
 * Chooses the shares that go next: those of exits that have enough here, so that most shares are never stored at all; first the
 * exits that have all of their shares, since none of those comes late. If no exit has enough, or a share has waited long, the
 * oldest go.
 */
export async function chooseShares<S extends Choosable>(
  waiting: readonly WaitingItem<S>[],
  more: WaitForMore,
): Promise<readonly WaitingItem<S>[]> {
  if (hasLongWaited(waiting)) return waiting.slice(0, sharesAtOnce);
  const untilMs = performance.now() + gatherMs;
  let ready = findReady(waiting);
  for (let leftMs = gatherMs; leftMs > 0 && !ready; leftMs = untilMs - performance.now()) {
    await more(leftMs);
    ready = findReady(waiting);
  }
  return ready ?? waiting.slice(0, sharesAtOnce);
}

const hasLongWaited = ([first]: readonly WaitingItem<Choosable>[]): boolean =>
  first !== undefined && performance.now() - first.sinceMs > patienceMs;

function findReady<S extends Choosable>(waiting: readonly WaitingItem<S>[]): readonly WaitingItem<S>[] | undefined {
  const whole: WaitingItem<S>[][] = [];
  const enough: WaitingItem<S>[][] = [];
  for (const shares of groupBy(waiting, ({item}) => item.key).values()) {
    const {threshold, validator} = (shares[0] as WaitingItem<S>).item;
    const byIndex = groupBy(shares, ({item}) => String(item.shareIndex));
    // Copies of a share do not help: only a few go with it, so that nobody can fill a batch with them.
    const some = [...byIndex.values()].flatMap((copies) => copies.slice(0, copiesAtOnce));
    if (byIndex.size === validator.publicKeyShares.size) whole.push(some);
    else if (byIndex.size >= threshold) enough.push(some);
    if (whole.length === exitsAtOnce) break;
  }
  const ready = whole.length > 0 ? whole : enough.slice(0, exitsAtOnce);
  return ready.length > 0 ? ready.flat() : undefined;
}
