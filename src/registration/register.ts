import {setTimeout as delay} from "node:timers/promises";
import {DvtError, dispositionOf} from "../errors.js";
import type {SentTransaction} from "../execution/sendTransaction.js";
import type {Call} from "../execution/wallet.js";
import {type Attempt, attempt} from "./attempt.js";
import {followPending, tellFollowing} from "./followPending.js";
import type {PendingRegistration} from "./pendingRegistration.js";
import {planRegistration} from "./plan.js";
import type {RegistrationParts} from "./registrationParts.js";
import {settleOperation} from "./settleOperation.js";
import type {Obstacle} from "./steps.js";
import {topUp} from "./topUp.js";

type Options = {
  /** Registers again and again, and waits where it cannot. */
  readonly watch: boolean;
  readonly signal: AbortSignal;
};

/** The keys that were registered, or why none were; no keys if others were topped up instead. */
export type Registered = {readonly publicKeys: readonly string[]} | Obstacle;

/** The oracles' own patience: they take no more than one request a second. */
const retryMs = 1000;

/**
 * Tops up a vault's validators, and registers its next ones, and starts over at once from what moved. A transaction that an earlier process left is followed
 * first. With `watch` it ends only with the signal, or if the user declines.
 */
export async function register(parts: RegistrationParts, {watch, signal}: Options): Promise<Registered> {
  const {journal, settings, tell, topUpSource} = parts;
  const beganAt = performance.now();
  let hasToppedUp = false;
  if (settings.validatorType === "0x02" && "whyNot" in topUpSource) tell({step: "no top-ups", why: topUpSource.whyNot});
  const {registration: left} = await journal.read();
  tellFollowing(parts, left);
  let following: Following = {pending: left, call: undefined};
  let isFirst = true;
  for (;;) {
    try {
      const {pending, call} = following;
      if (pending) {
        const followed = await followPending(parts, {pending, call, signal});
        following = {pending: undefined, call: undefined};
        if (followed && "registered" in followed && !watch) return {publicKeys: followed.registered};
      }
      const earlier = await settleOperation(parts, {isFirst, signal});
      isFirst = false;
      const replaces = ("replaces" in earlier && earlier.replaces) || (await journal.read()).registration;
      const outcome = await registerOnce(parts, {replaces, signal});
      hasToppedUp ||= outcome === "done";
      if (typeof outcome === "string") continue;
      if ("sent" in outcome) {
        following = {pending: outcome.sent, call: outcome.call};
        continue;
      }
      tell({step: "obstacle", obstacle: outcome});
      const isQuick = outcome.why === "oracles" || outcome.why === "reverted";
      if (outcome.why === "declined") return outcome;
      if (!watch && outcome.why === "assets" && hasToppedUp) return {publicKeys: []};
      if (!watch && (!isQuick || performance.now() - beganAt > settings.patienceMs)) return outcome;
      await delay(isQuick ? retryMs : settings.idleMs, undefined, {signal});
    } catch (error) {
      // Whoever stays waits for what may come back; what was sent is followed then.
      if (!watch || signal.aborted || !(error instanceof DvtError) || dispositionOf(error) !== "retry") throw error;
      tell({step: "obstacle", obstacle: {why: "unavailable", error: error.message}});
      await delay(settings.idleMs, undefined, {signal});
    }
  }
}

type Following = {
  readonly pending: PendingRegistration | undefined;
  /** To send the pending one again for more; undefined after a restart. */
  readonly call: Call | undefined;
};

type OnceOptions = {
  /** A transaction that can do nothing any more, or is not to: a new one takes its nonce. */
  readonly replaces: SentTransaction | undefined;
  readonly signal: AbortSignal;
};

/** "again": at once, because something has changed meanwhile. */
async function registerOnce(
  parts: RegistrationParts,
  {replaces, signal}: OnceOptions,
): Promise<Exclude<Attempt, "moved"> | "done" | "again"> {
  const {oracles, readyExits, tell} = parts;
  const plan = await planRegistration(parts);
  if ("why" in plan) return plan;
  if ("topUps" in plan) {
    tell({step: "topping up", plan});
    return (await parts.confirmTopUps(plan.topUps)) ? topUp(parts, plan, {replaces, signal}) : {why: "declined"};
  }
  tell({step: "planned", plan});
  // Sidecars sign for one vault and one type of a key for life, so the user agrees before they are asked.
  if (!(await parts.confirm(plan.validators))) return {why: "declined"} as const;
  const config = oracles.protocolConfig();
  const {configHash} = config.oracleSet;
  const beganAt = performance.now();
  const readiness = await readyExits.get(plan.startIndex, plan.validators, {configHash, signal});
  if (readiness === "changed") return "again";
  if (!("ready" in readiness)) {
    const {rejected} = readiness;
    for (const {exit} of rejected) parts.refused.set(exit.publicKey, performance.now());
    const obstacle = {why: "exits", ...readiness} as const;
    if (rejected.length === 0) return obstacle;
    // The next keys may be allowed.
    tell({step: "obstacle", obstacle});
    return "again";
  }
  const {ready} = readiness;
  tell({
    step: "exits ready",
    startIndex: plan.startIndex,
    validators: ready.length,
    ms: Math.round(performance.now() - beganAt),
  });
  readyExits.prepareAhead(ready, configHash);
  const outcome = await attempt(parts, {plan, ready, config, replaces, signal});
  if (outcome === "moved") return "again";
  if ("sent" in outcome) await readyExits.stop();
  return outcome;
}
