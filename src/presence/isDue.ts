import type {Presence} from "../../schemas/presence.js";

/** A presence at a moment of a steady clock. `isLost`: publishing it failed. */
export type Moment = {readonly presence: Presence; readonly atMs: number; readonly isLost?: boolean};

const leastGapMs = 1000;
const countsWithinMs = 5000;
/** A sidecar that asks the gateway again after such a break is there again. */
const breakMs = 60_000;

/**
 * Whether to publish after the last presence: a change of state after a second, of counts or a lost one after five, anything after
 * `restMs`.
 */
export function isDue(last: Moment | undefined, next: Moment, restMs: number): boolean {
  if (last === undefined) return true;
  const passedMs = next.atMs - last.atMs;
  if (passedMs >= restMs) return true;
  if (passedMs < leastGapMs) return false;
  if (last.isLost !== true && (stateOf(next.presence) !== stateOf(last.presence) || asksAgain(last.presence, next.presence)))
    return true;
  return passedMs >= countsWithinMs && (last.isLost === true || countsOf(next.presence) !== countsOf(last.presence));
}

const stateOf = ({state, key_shares, beacon, signer, oracles, waits}: Presence): string =>
  JSON.stringify([state, key_shares, beacon?.state, signer?.state, oracles?.config_hash, waits.map(({code}) => code)]);

const countsOf = ({signed, refused, waits, keys_left}: Presence): string => JSON.stringify([signed, refused, waits, keys_left]);

const asksAgain = (last: Presence, {asked_at}: Presence): boolean =>
  asked_at !== undefined && asked_at - (last.asked_at ?? 0) > breakMs;
