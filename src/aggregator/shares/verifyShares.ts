import {setImmediate as yieldToEventLoop} from "node:timers/promises";
import {findInvalid} from "../../bls/batch.js";
import type {Signature} from "../../bls/curve.js";
import type {OpenGroup} from "./shareGroup.js";
import {type ExaminedGroup, leaveOutBad, type ShareAccess, type Trial, tryGroup} from "./tryGroup.js";

/** The verdict on a group's shares. */
export type Verdict<Id, G extends OpenGroup<Id>> = ExaminedGroup<Id, G> & {
  /** By share index, unencrypted: to be stored if there is no signature. */
  readonly good: ReadonlyMap<number, Uint8Array>;
  /** Recovered from enough of them, and verified under the validator's key. */
  readonly signature: Signature | undefined;
};

/** The most groups verified in one equation: more would block the event loop too long. */
const groupsAtOnce = 8;

/**
 * Verifies the candidates of each group together with the signature that they recover to, several groups in one equation: each
 * share under its own public key share, the signature under the validator's key. Where that fails, the bad shares are refused and
 * left out. The next groups are verified, on other threads as far as possible, while the caller works with one.
 */
export async function* verifyShares<Id, G extends OpenGroup<Id>>(
  access: ShareAccess<Id>,
  wanting: readonly G[],
): AsyncGenerator<Verdict<Id, G>> {
  const verifyFrom = (start: number): Promise<Verdict<Id, G>[]> => {
    const verifying = verifyTogether(access, wanting.slice(start, start + groupsAtOnce));
    // Awaited when its turn comes; it may fail before that.
    verifying.catch(() => {});
    return verifying;
  };
  let next = verifyFrom(0);
  try {
    for (let start = groupsAtOnce; start < wanting.length + groupsAtOnce; start += groupsAtOnce) {
      const verdicts = await next;
      next = verifyFrom(start);
      yield* verdicts;
    }
  } finally {
    // A caller that stops early leaves no work under way.
    await next.catch(() => {});
  }
}

async function verifyTogether<Id, G extends OpenGroup<Id>>(
  access: ShareAccess<Id>,
  wanting: readonly G[],
): Promise<Verdict<Id, G>[]> {
  const verdicts: Verdict<Id, G>[] = [];
  let open: readonly ExaminedGroup<Id, G>[] = wanting.map((group) => ({group, refused: []}));
  while (open.length > 0) {
    const trials: Trial<Id, G>[] = [];
    for (const examined of open) {
      trials.push(tryGroup(access, examined));
      await yieldToEventLoop();
    }
    const bad = new Set(await findInvalid(trials.filter(({signatures}) => signatures.length > 0)));
    const again: ExaminedGroup<Id, G>[] = [];
    for (const trial of trials) {
      const {group, refused, chosen, recovered, isEnough} = trial;
      if (bad.has(trial) || (isEnough && !recovered)) again.push(await leaveOutBad(access, trial));
      else verdicts.push({group, refused, good: toGood(chosen), signature: recovered});
    }
    open = again;
    await yieldToEventLoop();
  }
  return verdicts;
}

const toGood = <Id>(chosen: Trial<Id, never>["chosen"]): ReadonlyMap<number, Uint8Array> =>
  new Map(chosen.map(({share}) => [share.shareIndex, share.bytes]));
