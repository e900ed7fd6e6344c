import {setTimeout as delay} from "node:timers/promises";
import {DvtError, dispositionOf} from "../errors.js";
import type {SentTransaction} from "../execution/sendTransaction.js";
import {planRotation} from "./planRotation.js";
import {rotateBatch} from "./rotateBatch.js";
import type {RotationParts} from "./rotationParts.js";
import type {RotationObstacle} from "./steps.js";

type Options = {
  /** Stays, and renews exits whenever the oracles have changed. */
  readonly watch: boolean;
  readonly signal: AbortSignal;
};

/** The keys whose exits were renewed, and why others were not. */
export type Rotated = {readonly publicKeys: readonly string[]; readonly obstacle?: RotationObstacle | undefined};

/** The oracles' own patience: they take no more than one request a second. */
const retryMs = 1000;
/** How often it is looked whether the oracles have changed. */
const lookMs = 1000;

/**
 * Renews the exits of a vault's validators that the oracles in force cannot use, batch by batch. Nothing of it is stored here: what is
 * still outdated, the oracles say to whoever asks next. With `watch` it ends only with the signal, or if the user declines.
 */
export async function rotate(parts: RotationParts, {watch, signal}: Options): Promise<Rotated> {
  const {oracles, patienceMs, askAgainMs, tell} = parts;
  const beganAt = performance.now();
  const publicKeys: string[] = [];
  const rotated = (more: readonly string[]): void => void publicKeys.push(...more);
  let replaces: SentTransaction | undefined;
  for (;;) {
    const {configHash} = oracles.current();
    const once = await rotateOnce(parts, {replaces, signal, rotated}).catch((error: unknown) => {
      // Whoever stays waits for what may come back.
      const mayPass = error instanceof DvtError && dispositionOf(error) === "retry";
      if (!watch || signal.aborted || !mayPass) throw error;
      return {obstacle: {why: "unavailable", error: error.message}} as const;
    });
    if ("again" in once) {
      ({
        again: {replaces},
      } = once);
      continue;
    }
    replaces = undefined;
    const {obstacle} = once;
    if (obstacle) tell({step: "obstacle", obstacle});
    if (obstacle?.why === "declined") return {publicKeys, obstacle};
    const isQuick = obstacle !== undefined && quick.has(obstacle.why);
    if (!watch) {
      if (!isQuick || performance.now() - beganAt > patienceMs) return {publicKeys, obstacle};
      await delay(retryMs, undefined, {signal});
      continue;
    }
    const until = performance.now() + askAgainMs;
    // A set may be announced before all oracles know it.
    while (performance.now() < until && oracles.current().configHash === configHash) await delay(lookMs, undefined, {signal});
  }
}

/** What passes by itself, within seconds or minutes. */
const quick: ReadonlySet<RotationObstacle["why"]> = new Set(["oracles", "outdated unknown", "reverted"] as const);

type OnceOptions = {
  readonly replaces: SentTransaction | undefined;
  readonly signal: AbortSignal;
  readonly rotated: (publicKeys: readonly string[]) => void;
};

type Once =
  | {readonly again: {readonly replaces: SentTransaction | undefined}}
  | {readonly obstacle: RotationObstacle | undefined};

async function rotateOnce(parts: RotationParts, {replaces, signal, rotated}: OnceOptions): Promise<Once> {
  const {tell, confirm, oracles} = parts;
  const plan = await planRotation(parts, signal);
  if ("why" in plan) return {obstacle: plan};
  const {config, validators} = plan;
  if (validators.length === 0) {
    tell({step: "current", oracles: config.oracles.length});
    return {obstacle: undefined};
  }
  tell({step: "planned", plan});
  if (!(await confirm(plan))) return {obstacle: {why: "declined"}};
  const size = config.batchLimits.rotation;
  let lacking: RotationObstacle | undefined;
  for (let start = 0; start < validators.length; start += size) {
    if (oracles.current().configHash !== config.oracleSet.configHash) {
      tell({step: "oracles changed"});
      return {again: {replaces: undefined}};
    }
    const batch = validators.slice(start, start + size);
    const done = await rotateBatch(parts, {validators: batch, config, replaces: start === 0 ? replaces : undefined, signal});
    if (done.is === "again") return {again: {replaces: done.replaces}};
    if (done.is === "obstacle") {
      // The exits of the next ones may come.
      if (done.obstacle.why !== "exits") return {obstacle: done.obstacle};
      lacking = done.obstacle;
      continue;
    }
    rotated(done.publicKeys);
    const left = Math.max(validators.length - start - size, 0);
    tell({step: "rotated", hash: done.hash, publicKeys: done.publicKeys, left});
    lacking = done.lacking ?? lacking;
  }
  if (lacking) return {obstacle: lacking};
  return {obstacle: plan.others.length > 0 ? {why: "not ours", indexes: plan.others} : undefined};
}
