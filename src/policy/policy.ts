import type {ValidatorFinder} from "../beacon/findValidators.js";
import type {ExitId} from "../exits/exitId.js";
import {createSlidingWindow, type SlidingWindow} from "../runtime/slidingWindow.js";
import type {ExitLog} from "./exitLog.js";
import {type Decision, type RefusalCode, toRefusal} from "./refusals.js";
import {createRotationPolicy, type RotationRules} from "./rotationPolicy.js";
import {createSignedWithinHour, isOfKind} from "./signedExits.js";

/** Decides which exits a sidecar signs, whoever requests them. */
export type Policy = {
  /** Returns "sign" once that is on disk. RATE_LIMITED, CONSENSUS_UNAVAILABLE and STATE_UNWRITABLE: retry later. */
  decide(exit: AskedExit, now: number): Promise<Decision>;
};

/** An exit, and whether it was ordered as that of an active validator, for another oracle set. */
export type AskedExit = ExitId & {readonly rotation?: boolean | undefined};

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
  /** Undefined: no rotation is signed. */
  readonly rotations?: RotationRules | undefined;
};

/**
 * The default of INDEXES_PER_KEY_PER_DAY. If the chain is checked, indexes near its next one do not count; otherwise no day reaches
 * this limit: an index moves at most once a block, and Ethereum has 7,200 blocks a day.
 */
export const defaultIndexesPerKeyPerDay = ({asksTheChain}: {asksTheChain: boolean}): number => (asksTheChain ? 3 : 10_000);

const dayMs = 86_400_000;
/** Exits older than this affect no decision. */
export const longestWindowMs = dayMs;

/** The policy by these rules, and by the exits that the log has. */
export function createPolicy(rules: PolicyRules, log: ExitLog): Policy {
  const {allowedKeys, beaconNode, isNearNext, exitsPerHour, indexesPerKeyPerDay, rotations} = rules;
  const signed = createSignedWithinHour(log, {rotation: false, most: exitsPerHour, variable: "EXITS_PER_HOUR"});
  const decideRotation = createRotationPolicy({rules: rotations, beaconNode, log});
  const byKey = new Map<string, SlidingWindow>();
  const indexesOf = (publicKey: string): SlidingWindow => {
    const known = byKey.get(publicKey) ?? createSlidingWindow(dayMs);
    byKey.set(publicKey, known);
    return known;
  };
  for (const {exit, signedAt} of log.entries.filter(isOfKind(false)))
    indexesOf(exit.publicKey).add(String(exit.validatorIndex), signedAt);

  const isBeyondDailyLimit = ({publicKey, validatorIndex}: ExitId, now: number): boolean => {
    const indexes = indexesOf(publicKey);
    return !indexes.has(String(validatorIndex), now) && indexes.count(now) >= indexesPerKeyPerDay;
  };

  const decide = async (exit: AskedExit, now: number): Promise<Decision> => {
    if (allowedKeys?.has(exit.publicKey) === false) return toRefusal("KEY_NOT_ALLOWED");
    if (exit.rotation) return decideRotation(exit, now);
    const wasBeyondLimit = isBeyondDailyLimit(exit, now);
    if (wasBeyondLimit && !(await isNearNext?.(exit.validatorIndex))) return toRefusal("INDEX_LIMIT");
    // Requests beyond the limit do not reach the beacon node.
    signed.expectRoom(exit, now);
    const code = beaconNode && (await findContradiction(beaconNode, exit, rules));
    if (code) return toRefusal(code);
    // The limits once more, as others were decided meanwhile. Nothing is awaited from here until the exit is recorded, so that no
    // two take the last place.
    signed.expectRoom(exit, now);
    if (!wasBeyondLimit && isBeyondDailyLimit(exit, now)) return decide(exit, now);
    // If it cannot be stored, its index stays counted for the day, to be safe.
    if (!signed.has(exit, now)) indexesOf(exit.publicKey).add(String(exit.validatorIndex), now);
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
