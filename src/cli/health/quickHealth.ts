import {reportHealth} from "./reportHealth.js";

/**
 * Runs the usual form of `dvt health` without loading what other commands need, because a health check runs every few seconds.
 * Undefined for any other arguments or settings: these are parsed as everywhere.
 */
export function quickHealth(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> | undefined {
  const {STATUS_PORT = "", STATUS_HOST: host = "127.0.0.1"} = env;
  const [command, ready, ...more] = args;
  if (command !== "health" || (ready !== undefined && ready !== "--ready") || more.length > 0) return undefined;
  if (!/^[1-9][0-9]{0,4}$/.test(STATUS_PORT) || Number(STATUS_PORT) > 65_535 || !/^[\w.:-]+$/.test(host)) return undefined;
  return reportHealth({host, port: Number(STATUS_PORT), ready: ready !== undefined});
}
