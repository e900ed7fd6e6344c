import {setTimeout as delay} from "node:timers/promises";
import type {Call} from "../execution/wallet.js";
import {attempt} from "./attempt.js";
import {follow} from "./follow.js";
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
/** How often a vault is looked at that has nothing to register. */
const idleMs = 12_000;

/**
 * Registers a vault's next validators, and starts over at once from what moved. A transaction that an earlier process left is followed
 * first. With `watch` it ends with the signal only.
 */
export async function register(parts: RegistrationParts, {watch, signal}: Options): Promise<Registered> {
  const {journal, wallet, settings, tell, signed} = parts;
  const beganAt = performance.now();
  let pending = await journal.read();
  let call: Call | undefined;
  /** It can do nothing any more; a new one takes its nonce. */
  let replaces: PendingRegistration | undefined;
  for (;;) {
    if (pending) {
      if (pending.wallet !== wallet.address.toLowerCase()) {
        // Another wallet's nonce says nothing to this one; the registry shows what it did.
        await journal.write(undefined);
      } else {
        const followed = await follow(parts, {pending, call, signal});
        replaces = followed.is === "void" ? followed.pending : undefined;
        if (followed.is !== "void") await journal.write(undefined);
        if (followed.is === "registered") {
          const {publicKeys} = pending;
          for (const key of publicKeys) signed.delete(key);
          tell({step: "registered", hash: followed.hash, publicKeys});
          if (!watch) return {publicKeys};
        }
      }
      pending = undefined;
      call = undefined;
    }
    const outcome = await registerOnce(parts, {replaces, signal});
    if (outcome === "moved") continue;
    if ("sent" in outcome) {
      ({sent: pending, call} = outcome);
      continue;
    }
    tell({step: "obstacle", obstacle: outcome});
    const isQuick = outcome.why === "oracles" || outcome.why === "reverted";
    if (!watch && (!isQuick || performance.now() - beganAt > settings.patienceMs)) return outcome;
    await delay(isQuick ? retryMs : idleMs, undefined, {signal});
  }
}

type OnceOptions = {readonly replaces: PendingRegistration | undefined; readonly signal: AbortSignal};

async function registerOnce(parts: RegistrationParts, {replaces, signal}: OnceOptions) {
  const {oracles, readyExits, tell} = parts;
  const plan: PlannedRegistration | Obstacle = await planRegistration(parts);
  if ("why" in plan) return plan;
  tell({step: "planned", plan});
  const config = oracles.protocolConfig();
  const {configHash} = config.oracleSet;
  const beganAt = performance.now();
  const readiness = await readyExits.get(plan.startIndex, plan.validators, {configHash, signal});
  if (!("ready" in readiness)) return {why: "exits", ...readiness} as const;
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
  if (typeof outcome === "object" && "sent" in outcome) await readyExits.stop();
  return outcome;
}
