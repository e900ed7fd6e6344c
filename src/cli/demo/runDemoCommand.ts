import type {NetworkName} from "../../../schemas/fields.js";
import type {ClusterType} from "../../clusters/cluster.js";
import type {DemoOptions} from "../../demo/demoOptions.js";
import {runDemo} from "../../demo/runDemo.js";
import {DvtError} from "../../errors.js";
import {parseEnv} from "../../runtime/env.js";
import {createShutdown} from "../../runtime/shutdown.js";
import {userPath} from "../../runtime/userPath.js";
import {DemoEnv} from "../env/demoEnv.js";
import {stopOnSignals} from "../stopOnSignals.js";
import {terminal} from "../terminal.js";
import {demoProblems} from "./demoProblems.js";
import {portProblems} from "./portProblems.js";

/** The options of `dvt demo`. */
export type DemoFlags = Omit<
  DemoOptions,
  "network" | "clusterTypes" | "threshold" | "cluster" | "natsUrl" | "mongoUrl" | "startIndex" | "output"
> & {
  network: string;
  clusterType: string;
  threshold?: number;
  startIndex?: number;
  output?: string;
  clusterLock?: string;
  keystores?: string;
  depositData?: string;
};

/** `dvt demo`: checks the options, then runs the demo. */
export async function runDemoCommand(flags: DemoFlags, env: NodeJS.ProcessEnv): Promise<void> {
  const {DEMO_NATS_URL: natsUrl, DEMO_MONGODB_URL: mongoUrl} = parseEnv(DemoEnv, env);
  const cluster = ownCluster(flags, env);
  const threshold = flags.threshold ?? Math.ceil((2 * flags.nodes) / 3);
  const clusterTypes = flags.clusterType.toUpperCase().split(",") as ClusterType[];
  const problems = [...demoProblems({...flags, threshold, clusterTypes}), ...(await portProblems("--http-port", flags.httpPort))];
  if (problems.length > 0) throw new DvtError("USAGE", problems.join("\n"));
  const shutdown = createShutdown({graceMs: 30_000, onError: (error) => terminal.err(`dvt: ${String(error)}\n`)});
  // SIGHUP: the terminal was closed, and the processes would otherwise keep running.
  stopOnSignals(shutdown, ["SIGINT", "SIGTERM", "SIGHUP"]);
  const beganAt = performance.now();
  const bullet = (): string => (flags.register ? `${((performance.now() - beganAt) / 1000).toFixed(1).padStart(5)} s ` : "•");
  const announce = (step: string): void => {
    // Once interrupted, the demo takes no further step.
    shutdown.signal.throwIfAborted();
    terminal.err(`${bullet()} ${step}\n`);
  };
  const print = (text: string): void => void terminal.out(text);
  const {network, validators, nodes, oracleCount, oracleThreshold, sidecars, httpPort, verify, keep, register} = flags;
  const options = {
    network: network as NetworkName,
    clusterTypes,
    validators,
    nodes,
    threshold,
    oracleCount,
    oracleThreshold,
    startIndex: flags.startIndex ?? 1000,
    verify,
    keep,
    register,
    output: userPath(flags.output ?? "demo-results.json", env),
    ...(cluster && {cluster}),
    ...(flags.oracles !== undefined && {oracles: userPath(flags.oracles, env)}),
    ...(sidecars !== undefined && {sidecars}),
    ...(httpPort !== undefined && {httpPort}),
    ...(natsUrl !== undefined && {natsUrl}),
    ...(mongoUrl !== undefined && {mongoUrl}),
  };
  try {
    const run = register ? (await import("../../demo/register/runRegisterDemo.js")).runRegisterDemo : runDemo;
    // Making a hundred keystores takes a minute, and nobody waits for that after Ctrl+C.
    await Promise.race([run(options, shutdown, {announce, print}), untilAborted(shutdown.signal)]);
  } catch (error) {
    // Ctrl+C ends the roles, so whatever waits for them fails.
    if (shutdown.signal.aborted) process.exitCode = 130;
    else throw error;
  } finally {
    await shutdown.stop();
  }
}

/** Rejects with the signal's reason. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), {once: true}));

function ownCluster({clusterLock, keystores, depositData}: DemoFlags, env: NodeJS.ProcessEnv) {
  const given = [clusterLock, keystores, depositData].filter((flag) => flag !== undefined).length;
  if (given === 0) return undefined;
  if (clusterLock === undefined || keystores === undefined || depositData === undefined) {
    throw new DvtError(
      "USAGE",
      "demo: your own cluster is incomplete; give --cluster-lock, --keystores and --deposit-data together",
    );
  }
  return {
    clusterLock: userPath(clusterLock, env),
    keystoresTemplate: userPath(keystores, env),
    depositData: userPath(depositData, env),
  };
}
