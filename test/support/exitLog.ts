import {rmSync} from "node:fs";
import {onTestFinished} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {type ExitLog, type ExitLogOptions, openExitLog} from "../../src/policy/exitLog.js";
import {longestWindowMs} from "../../src/policy/policy.js";
import {aLocking} from "./locking.js";

export const exitOf = (publicKey: string, validatorIndex: number) => ({network: networks.hoodi, publicKey, validatorIndex});

/** Of a sidecar that has signed nothing, and remembers nothing. */
export const forgetful: ExitLog = {
  entries: [],
  credentials: new Map(),
  hasSigned: () => false,
  append: async () => {},
  close: async () => {},
};

/** As the first sidecar of a cluster alpha opens it, after whoever had it open was killed. */
export async function openLog(path: string, now: number, change: Partial<ExitLogOptions> = {}): Promise<ExitLog> {
  const own = {network: networks.hoodi, clusterId: "alpha", shareIndex: 1, keepMs: longestWindowMs, ...aLocking()};
  rmSync(`${path}.lock`, {force: true});
  const log = await openExitLog(path, {...own, ...change}, now);
  onTestFinished(log.close);
  return log;
}
