import type {ValidatorFinder} from "../beacon/findValidators.js";
import {DvtError} from "../errors.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {createSlidingWindow, type SlidingWindow} from "../runtime/slidingWindow.js";
import type {ExitLog} from "./exitLog.js";
import {type Decision, type RefusalCode, toRefusal} from "./refusals.js";

/** Decides which exits a sidecar signs, whoever requests them. */
export type Policy = {
  /** Returns "sign" once that is on disk. RATE_LIMITED, CONSENSUS_UNAVAILABLE and STATE_UNWRITABLE: retry later. */
  decide(exit: ExitId, now: number): Promise<Decision>;
};

/** The rules that a user configures. */
export type PolicyRules = {
  readonly exitsPerHour: number;
  readonly indexesPerKeyPerDay: number;
  /** Undefined: all keys that the sidecar has key shares of. */
  readonly allowedKeys?: ReadonlySet<string> | undefined;
  /** Undefined: the chain is not checked. */
  readonly beaconNode?: ValidatorFinder | undefined;
  /** Whether the chain assigns about this index next; if so, the daily limit does not apply. Undefined: unknown. */
  readonly isNearNext?: ((validatorIndex: number) => Promise<boolean>) | undefined;
  readonly allowActiveValidators: boolean;
};

/**
 * The default of INDEXES_PER_KEY_PER_DAY. If the chain is checked, indexes near its next one do not count; otherwise no day reaches
 * this limit: an index moves at most once a block, and Ethereum has 7,200 blocks a day.
 */
export const defaultIndexesPerKeyPerDay = ({asksTheChain}: {asksTheChain: boolean}): number => (asksTheChain ? 3 : 10_000);

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Exits older than this affect no decision. */
export const longestWindowMs = dayMs;

/** The policy by these rules, and by the exits that the log has. */
export function createPolicy(rules: PolicyRules, log: ExitLog): Policy {
  const {allowedKeys, beaconNode, isNearNext, exitsPerHour, indexesPerKeyPerDay} = rules;
  const signed = recallSigned(log);

  // [RETRY] A delay, not a refusal: the exit is valid, there are only too many.
  const expectWithinHour = (exit: ExitId, now: number): void => {
    if (signed.lastHour.has(exitKeyOf(exit), now) || signed.lastHour.count(now) < exitsPerHour) return;
    throw new DvtError("RATE_LIMITED", `sign an exit: ${exitsPerHour} were signed within an hour, as EXITS_PER_HOUR allows`);
  };
  const isBeyondDailyLimit = ({publicKey, validatorIndex}: ExitId, now: number): boolean => {
    const indexes = signed.indexesOf(publicKey);
    return !indexes.has(String(validatorIndex), now) && indexes.count(now) >= indexesPerKeyPerDay;
  };

  const decide = async (exit: ExitId, now: number): Promise<Decision> => {
    if (allowedKeys?.has(exit.publicKey) === false) return toRefusal("KEY_NOT_ALLOWED");
    const wasBeyondLimit = isBeyondDailyLimit(exit, now);
    if (wasBeyondLimit && !(await isNearNext?.(exit.validatorIndex))) return toRefusal("INDEX_LIMIT");
    // Requests beyond the limit do not reach the beacon node.
    expectWithinHour(exit, now);
    const code = beaconNode && (await findContradiction(beaconNode, exit, rules));
    if (code) return toRefusal(code);
    // The limits once more, as others were decided meanwhile. Nothing is awaited from here until the exit is recorded, so that no
    // two take the last place.
    expectWithinHour(exit, now);
    if (!wasBeyondLimit && isBeyondDailyLimit(exit, now)) return decide(exit, now);
    await signed.record(exit, now);
    return {outcome: "sign"};
  };
  return {decide};
}

/** Finds what contradicts this exit on the chain. An unknown key or index is no contradiction: exits are signed in advance. */
async function findContradiction(
  beaconNode: ValidatorFinder,
  {publicKey, validatorIndex}: ExitId,
  {allowActiveValidators}: PolicyRules,
): Promise<RefusalCode | undefined> {
  const found = await beaconNode.findValidators([publicKey, validatorIndex]);
  const byKey = found.find((it) => it.publicKey === publicKey);
  if (byKey?.status.startsWith("active") && !allowActiveValidators) return "VALIDATOR_ACTIVE";
  return found.some((it) => it.publicKey !== publicKey || it.index !== validatorIndex) ? "INDEX_OF_ANOTHER_KEY" : undefined;
}

/** The sliding windows, filled from the log, to which every signed exit is added. */
function recallSigned(log: ExitLog) {
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
    /** Resolves once the exit is on disk. One within the last hour already is, or is being written. */
    async record(exit: ExitId, now: number): Promise<void> {
      const key = exitKeyOf(exit);
      if (lastHour.has(key, now)) return storing.get(key);
      add(exit, now);
      const stored = log.append({exit, signedAt: now});
      storing.set(key, stored);
      try {
        await stored;
      } catch (error) {
        // Not on disk: the next decision stores it again. Its index stays counted for the day, to be safe.
        lastHour.remove(key);
        throw error;
      } finally {
        storing.delete(key);
      }
    },
  };
}
