import {setTimeout as delay} from "node:timers/promises";
import {voluntaryExitSigningRoot} from "../../consensus/voluntaryExit.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import {type Blinding, blind, randomCoefficients} from "../../exits/splitExit.js";
import type {OracleSet} from "../../oracles/oracleSet.js";
import {yieldToEventLoop} from "../../runtime/yieldToEventLoop.js";
import type {BlindAhead} from "../aggregator.js";

/** Shares that are this close are looked up together with the others, and the blinding is made while the database answers. */
const beginAfterMs = 2;

type Options = {
  /** Whether nothing else is to be done now. */
  readonly isIdle: () => boolean;
  readonly now?: () => number;
  readonly beginAfterMs?: number;
};

/** So few at once, and each for so long, that shares of exits that nobody asked for cost next to nothing. */
const most = 4;
const keptMs = 5000;

type Ahead = {readonly exit: ExitId; readonly oracleSet: OracleSet; readonly sinceMs: number; blinding?: Blinding};

/** Keeps at most 4 blindings, each for 5 s. */
export function createBlindAhead({isIdle, now = () => performance.now(), ...options}: Options): BlindAhead {
  const ahead = new Map<string, Ahead>();
  let isRunning = false;

  const dropOld = (): void => {
    for (const [key, {sinceMs}] of ahead) if (now() - sinceMs > keptMs) ahead.delete(key);
  };
  const run = async (): Promise<void> => {
    isRunning = true;
    await delay(options.beginAfterMs ?? beginAfterMs, undefined, {ref: false});
    for (;;) {
      await yieldToEventLoop();
      const next = [...ahead.values()].find(({blinding}) => !blinding);
      if (!next || !isIdle()) break;
      const {exit, oracleSet} = next;
      next.blinding = blind(voluntaryExitSigningRoot(exit.network, exit.validatorIndex), randomCoefficients(oracleSet.threshold));
    }
    isRunning = false;
  };
  return {
    begin(exit, oracleSet) {
      dropOld();
      const key = exitKeyOf(exit);
      if (ahead.size >= most || ahead.has(key)) return;
      ahead.set(key, {exit, oracleSet, sinceMs: now()});
      if (!isRunning) void run();
    },
    take(exitKey, oracleSet) {
      const made = ahead.get(exitKey);
      ahead.delete(exitKey);
      return made?.oracleSet.configHash === oracleSet.configHash ? made.blinding : undefined;
    },
  };
}
