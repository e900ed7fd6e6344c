import type {ValidatorFinder} from "../beacon/findValidators.js";
import {DvtError} from "../errors.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {createSlidingWindow, type SlidingWindow} from "../runtime/slidingWindow.js";
import type {ExitLog} from "./exitLog.js";
import {type Decision, type RefusalCode, toRefusal} from "./refusals.js";

/** What a sidecar signs, whatever the relayer asks. */
export type Policy = {
  /** RATE_LIMITED, CONSENSUS_UNAVAILABLE and STATE_UNWRITABLE: not now. Once it says "sign", that it did is on disk. */
  decide(exit: ExitId, now: number): Promise<Decision>;
};

export type PolicyRules = {
  readonly exitsPerHour: number;
  readonly indexesPerKeyPerDay: number;
  /** Undefined: all that there are key shares of. */
  readonly allowedKeys?: ReadonlySet<string> | undefined;
  /** Undefined: the chain is not asked. */
  readonly beaconNode?: ValidatorFinder | undefined;
  /** Whether the chain gives about this index next: such a one is signed whatever the day's limit. Undefined: nobody can tell. */
  readonly isNearNext?: ((validatorIndex: number) => Promise<boolean>) | undefined;
  readonly allowActiveValidators: boolean;
};

/**
 * How many indexes of a key a day allows where the user does not say. Where the chain is asked, those near its next one do not count;
 * where it is not, no day has so many: an index moves once in a block at the most, and Ethereum has 7,200 blocks a day.
 */
export const defaultIndexesPerKeyPerDay = ({asksTheChain}: {asksTheChain: boolean}): number => (asksTheChain ? 3 : 10_000);

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** What is older changes no decision. */
export const longestWindowMs = dayMs;

export function createPolicy(rules: PolicyRules, log: ExitLog): Policy {
  const {allowedKeys, beaconNode, isNearNext, exitsPerHour, indexesPerKeyPerDay} = rules;
  const signed = recall(log);

  // [RETRY] A delay, not a refusal: the exit is as good as the others, there are only too many.
  const expectWithinHour = (exit: ExitId, now: number): void => {
    if (signed.lastHour.has(exitKeyOf(exit), now) || signed.lastHour.count(now) < exitsPerHour) return;
    throw new DvtError("RATE_LIMITED", `sign an exit: ${exitsPerHour} were signed within an hour, as EXITS_PER_HOUR allows`);
  };
  const isOneIndexMore = ({publicKey, validatorIndex}: ExitId, now: number): boolean => {
    const indexes = signed.indexesOf(publicKey);
    return !indexes.has(String(validatorIndex), now) && indexes.count(now) >= indexesPerKeyPerDay;
  };

  const decide = async (exit: ExitId, now: number): Promise<Decision> => {
    if (allowedKeys?.has(exit.publicKey) === false) return toRefusal("KEY_NOT_ALLOWED");
    const wasOneMore = isOneIndexMore(exit, now);
    if (wasOneMore && !(await isNearNext?.(exit.validatorIndex))) return toRefusal("INDEX_LIMIT");
    // Who asks too much is not to keep the beacon node at work.
    expectWithinHour(exit, now);
    const code = beaconNode && (await contradiction(beaconNode, exit, rules));
    if (code) return toRefusal(code);
    // The limits once more: others were decided meanwhile. Nothing is awaited from here until the exit is recorded, so that no
    // two take the same last place.
    expectWithinHour(exit, now);
    if (!wasOneMore && isOneIndexMore(exit, now)) return decide(exit, now);
    await signed.record(exit, now);
    return {outcome: "sign"};
  };
  return {decide};
}

/** What the chain says against this exit. A key or an index that it does not know yet is what exits are signed for in advance. */
async function contradiction(
  beaconNode: ValidatorFinder,
  {publicKey, validatorIndex}: ExitId,
  {allowActiveValidators}: PolicyRules,
): Promise<RefusalCode | undefined> {
  const found = await beaconNode.findValidators([publicKey, validatorIndex]);
  const byKey = found.find((it) => it.publicKey === publicKey);
  if (byKey?.status.startsWith("active") && !allowActiveValidators) return "VALIDATOR_ACTIVE";
  return found.some((it) => it.publicKey !== publicKey || it.index !== validatorIndex) ? "INDEX_OF_ANOTHER_KEY" : undefined;
}

/** The windows as the log has them, and how an exit gets into both. */
function recall(log: ExitLog) {
  const lastHour = createSlidingWindow(hourMs);
  const byKey = new Map<string, SlidingWindow>();
  const storing = new Map<string, Promise<void>>();

  const indexesOf = (publicKey: string): SlidingWindow => {
    const known = byKey.get(publicKey) ?? createSlidingWindow(dayMs);
    byKey.set(publicKey, known);
    return known;
  };
  const add = (exit: ExitId, at: number): void => {
    lastHour.add(exitKeyOf(exit), at);
    indexesOf(exit.publicKey).add(String(exit.validatorIndex), at);
  };
  for (const {exit, signedAt} of log.entries) add(exit, signedAt);

  return {
    lastHour,
    indexesOf,
    /** Resolves once it is on disk. One that the hour has already is there, or is on its way there. */
    async record(exit: ExitId, now: number): Promise<void> {
      const key = exitKeyOf(exit);
      if (lastHour.has(key, now)) return storing.get(key);
      add(exit, now);
      const stored = log.append({exit, signedAt: now});
      storing.set(key, stored);
      try {
        await stored;
      } catch (error) {
        // Not on disk: whoever asks again has to store it again. Its index stays counted for the day, to be safe.
        lastHour.remove(key);
        throw error;
      } finally {
        storing.delete(key);
      }
    },
  };
}
