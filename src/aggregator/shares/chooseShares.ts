import type {WaitForMore, WaitingItem} from "../../runtime/batches.js";
import {groupBy} from "../../runtime/groupBy.js";
import type {SignatureShare} from "./shareGroup.js";

/** The most exits that are verified, written and published together. */
const exitsAtOnce = 32;
const sharesAtOnce = 128;
const copiesAtOnce = 2;
/**
 * An idle aggregator lets a share wait this long for the others of its exit, whose sidecars sign at different speeds: one that is
 * stored is verified, encrypted, written and read by itself. Its message stays in the stream meanwhile.
 */
const gatherMs = 300;
/** A share waits no longer than this, however many exits can be completed. */
const patienceMs = 5000;

type Choosable = Pick<SignatureShare<unknown>, "key" | "threshold" | "validator" | "shareIndex">;

/**
 * Chooses the shares that go next: those of exits that have enough here, so that most shares are never stored at all; first the
 * exits that have all of their shares, since none of those comes late. If no exit has enough, those go that have waited for the
 * others of their exit; if a share has waited long, the oldest go first.
 */
export async function chooseShares<S extends Choosable>(
  waiting: readonly WaitingItem<S>[],
  more: WaitForMore,
): Promise<readonly WaitingItem<S>[]> {
  if (waitedMs(waiting[0]) > patienceMs) return waiting.slice(0, sharesAtOnce);
  for (;;) {
    const ready = findReady(waiting);
    if (ready) return ready;
    const leftMs = gatherMs - waitedMs(waiting[0]);
    if (leftMs <= 0) return findOld(waiting).slice(0, sharesAtOnce);
    await more(leftMs);
  }
}

const waitedMs = (waiting: WaitingItem<unknown> | undefined): number => (waiting ? performance.now() - waiting.sinceMs : 0);

/** The shares of exits of which one has waited at least half as long as it may, so that what came at about the same time goes at once. */
function findOld<S extends Choosable>(waiting: readonly WaitingItem<S>[]): readonly WaitingItem<S>[] {
  const old = new Set(waiting.filter((it) => waitedMs(it) >= gatherMs / 2).map(({item}) => item.key));
  return waiting.filter(({item}) => old.has(item.key));
}

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
