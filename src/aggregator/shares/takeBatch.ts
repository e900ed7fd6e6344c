import {setImmediate as yieldToEventLoop} from "node:timers/promises";
import type {Signature} from "../../bls/curve.js";
import {DvtError} from "../../errors.js";
import {groupBy} from "../../runtime/groupBy.js";
import {
  type GoodShares,
  groupShares,
  type OpenGroup,
  type Outcome,
  type SettledShares,
  type ShareGroup,
  type SignatureShare,
  settle,
} from "./shareGroup.js";
import type {SortedGroups} from "./sortGroups.js";
import type {ShareAccess} from "./tryGroup.js";
import {verifyShares} from "./verifyShares.js";

/** The steps of a share that differ between exits and deposits. */
export type ShareSteps<Id, G extends OpenGroup<Id>, R> = ShareAccess<Id> & {
  /** The 32 bytes that are signed. */
  rootOf(id: Id): Uint8Array;
  /** Finds out, in two queries, which groups still need shares. */
  lookUp(groups: readonly ShareGroup<Id>[]): Promise<SortedGroups<Id, G>>;
  /** Begins to make what is written once the signature is verified. */
  toResult(group: G, signature: Signature): R;
  /** Writes results and good shares, and publishes the results. Returns the groups to look up again. */
  write(
    completed: readonly CompletedGroup<G, R>[],
    incomplete: readonly GoodShares<G>[],
  ): AsyncGenerator<SettledShares<Id>, readonly G[]>;
};

/** A group whose signature is verified, and what is written of it. */
export type CompletedGroup<G, R> = {readonly group: G; readonly result: R};

/**
 * Takes shares that came together: groups them by exit or deposit, looks those up, verifies the shares, stores the good ones, and
 * completes what has enough. Returns a promise of each share's outcome, in their order: work may still be under way. Calls
 * `stepsNow` for each attempt. Throws when all of the shares are to be tried again.
 */
export async function takeBatch<Id, G extends OpenGroup<Id>, R>(
  stepsNow: () => ShareSteps<Id, G, R>,
  shares: readonly SignatureShare<Id>[],
): Promise<Promise<string>[]> {
  const outcomes = new Map<SignatureShare<Id>, Outcome>();
  const record = ({shares, outcome}: SettledShares<Id>): void => {
    for (const share of shares) if (!outcomes.has(share)) outcomes.set(share, outcome);
  };
  const take = async (some: readonly SignatureShare<Id>[]): Promise<void> => {
    for await (const settled of takeTogether(stepsNow(), some)) record(settled);
  };

  try {
    await take(shares);
  } catch (error) {
    const groups = [...groupBy(shares, ({key}) => key).values()];
    // A store that is unavailable is unavailable for all of them.
    if (error instanceof DvtError || groups.length === 1) throw error;
    // A bug may be one group's alone, and must not stop the others.
    for (const group of groups) {
      const unsettled = group.filter((share) => !outcomes.has(share));
      await take(unsettled).catch((own: Error) => record(settle(unsettled, own)));
    }
  }
  return shares.map((share) => toPromise(outcomes.get(share) ?? "collecting"));
}

async function* takeTogether<Id, G extends OpenGroup<Id>, R>(
  steps: ShareSteps<Id, G, R>,
  shares: readonly SignatureShare<Id>[],
): AsyncGenerator<SettledShares<Id>> {
  let open: readonly ShareGroup<Id>[] = groupShares(shares, steps.rootOf);
  let idleOutcome = "held already";
  while (open.length > 0) {
    const {settled, idle, wanting} = await steps.lookUp(open);
    yield* settled;
    for (const {came} of idle) yield settle(came, idleOutcome);

    const completed: CompletedGroup<G, R>[] = [];
    const incomplete: GoodShares<G>[] = [];
    for await (const {group, refused, good, signature} of verifyShares(steps, wanting)) {
      yield* refused;
      if (signature) {
        completed.push({group, result: steps.toResult(group, signature)});
        await yieldToEventLoop();
      } else if (good.size > 0) incomplete.push({group, good});
    }

    // Another aggregator may have stored shares while we stored ours, and each have seen too few: both look them up again.
    open = yield* steps.write(completed, incomplete);
    idleOutcome = "collecting";
  }
}

function toPromise(outcome: Outcome): Promise<string> {
  const promise = outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  promise.catch(() => {});
  return promise;
}
