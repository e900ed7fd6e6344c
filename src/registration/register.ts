import {setTimeout as delay} from "node:timers/promises";
import {DvtError, dispositionOf} from "../errors.js";
import type {Call} from "../execution/wallet.js";
import {type Attempt, attempt} from "./attempt.js";
import {followPending} from "./followPending.js";
import type {PendingRegistration} from "./pendingRegistration.js";
import {planRegistration} from "./plan.js";
import type {PlannedRegistration} from "./plannedRegistration.js";
import type {RegistrationParts} from "./registrationParts.js";
import type {Obstacle} from "./steps.js";

type Options = {
  /** Registers again and again, and waits where it cannot. */
  readonly watch: boolean;
  readonly signal: AbortSignal;
};

/** The keys that were registered, or why none were. */
export type Registered = {readonly publicKeys: readonly string[]} | Obstacle;

/** The oracles' own patience: they take no more than one request a second. */
const retryMs = 1000;

/**
 * Registers a vault's next validators, and starts over at once from what moved. A transaction that an earlier process left is followed
 * first. With `watch` it ends only with the signal, or if the user declines.
 */
export async function register(parts: RegistrationParts, {watch, signal}: Options): Promise<Registered> {
  const {journal, settings, tell} = parts;
  const beganAt = performance.now();
  let state: State = {pending: await journal.read(), call: undefined, replaces: undefined};
  for (;;) {
    try {
      if (state.pending) {
        const {pending} = state;
        const followed = await followPending(parts, {...state, pending, signal});
        state = {pending: undefined, call: undefined, replaces: followed === "registered" ? undefined : followed};
        if (followed === "registered" && !watch) return {publicKeys: pending.publicKeys};
      }
      const outcome = await registerOnce(parts, {replaces: state.replaces, signal});
      if (outcome === "again") continue;
      if ("sent" in outcome) {
        state = {...state, pending: outcome.sent, call: outcome.call};
        continue;
      }
      tell({step: "obstacle", obstacle: outcome});
      const isQuick = outcome.why === "oracles" || outcome.why === "reverted";
      if (outcome.why === "declined") return outcome;
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

type State = {
  readonly pending: PendingRegistration | undefined;
  /** To send the pending one again for more; undefined after a restart. */
  readonly call: Call | undefined;
  /** A transaction that can do nothing any more: a new one takes its nonce. */
  readonly replaces: PendingRegistration | undefined;
};

type OnceOptions = {readonly replaces: PendingRegistration | undefined; readonly signal: AbortSignal};

/** "again": at once, because something has changed meanwhile. */
async function registerOnce(
  parts: RegistrationParts,
  {replaces, signal}: OnceOptions,
): Promise<Exclude<Attempt, "moved"> | "again"> {
  const {oracles, readyExits, tell} = parts;
  const plan: PlannedRegistration | Obstacle = await planRegistration(parts);
  if ("why" in plan) return plan;
  tell({step: "planned", plan});
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
  if (!(await parts.confirm(ready))) return {why: "declined"} as const;
  readyExits.prepareAhead(ready, configHash);
  const outcome = await attempt(parts, {plan, ready, config, replaces, signal});
  if (outcome === "moved") return "again";
  if ("sent" in outcome) await readyExits.stop();
  return outcome;
}
