import {fork} from "node:child_process";
import {once} from "node:events";
import {fileURLToPath} from "node:url";
import type {Shutdown} from "../../../src/runtime/shutdown.js";
import type {OraclesConfig, OraclesListen} from "./oracleMessages.js";

const main = fileURLToPath(new URL("./oracleProcess.js", import.meta.url));

/** Starts the process that plays the oracles; returns where each listens. */
export async function startOracles(config: OraclesConfig, shutdown: Shutdown): Promise<readonly string[]> {
  // In a group of its own: Ctrl+C reaches us alone, and we end the others in their order.
  const child = fork(main, [JSON.stringify(config)], {detached: true});
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`bench: the oracles' process ended with ${code}`);
  });
  ended.catch(() => {});
  shutdown.onStop(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await exited;
  });
  const [{urls}] = (await Promise.race([once(child, "message"), ended])) as [OraclesListen];
  return urls;
}
