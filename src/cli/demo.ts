import {type NetworkName, networkNames} from "../../schemas/fields.js";
import type {ClusterType} from "../clusters/cluster.js";
import {ssvThresholds} from "../clusters/ssvShares.js";
import {type DemoOptions, runDemo} from "../demo/runDemo.js";
import {DvtError} from "../errors.js";
import {parseEnv} from "../runtime/env.js";
import {createShutdown} from "../runtime/shutdown.js";
import {userPath} from "../runtime/userPath.js";
import {DemoEnv} from "./env.js";
import {stopOnSignals} from "./roleProcess.js";

type DemoFlags = Omit<DemoOptions, "network" | "clusterTypes" | "threshold" | "cluster" | "natsUrl" | "mongoUrl"> & {
  network: string;
  clusterType: string;
  threshold?: number;
  clusterLock?: string;
  keystores?: string;
  depositData?: string;
};

export async function runDemoCommand(flags: DemoFlags, env: NodeJS.ProcessEnv): Promise<void> {
  const {DEMO_NATS_URL: natsUrl, DEMO_MONGODB_URL: mongoUrl} = parseEnv(DemoEnv, env);
  const cluster = ownCluster(flags, env);
  const threshold = flags.threshold ?? Math.ceil((2 * flags.nodes) / 3);
  const clusterTypes = flags.clusterType.toUpperCase().split(",") as ClusterType[];
  check({...flags, threshold, clusterTypes});
  const shutdown = createShutdown({graceMs: 30_000, onError: (error) => process.stderr.write(`dvt: ${String(error)}\n`)});
  stopOnSignals(shutdown);
  const announce = (step: string): void => {
    // Once it is interrupted the demo takes no further step.
    shutdown.signal.throwIfAborted();
    process.stderr.write(`• ${step}\n`);
  };
  const {network, validators, nodes, oracleCount, oracleThreshold, startIndex} = flags;
  const options = {
    network: network as NetworkName,
    ...{clusterTypes, validators, nodes, threshold, oracleCount, oracleThreshold, startIndex},
    output: userPath(flags.output, env),
    ...(cluster && {cluster}),
    ...(flags.oracles !== undefined && {oracles: userPath(flags.oracles, env)}),
    ...(natsUrl !== undefined && {natsUrl}),
    ...(mongoUrl !== undefined && {mongoUrl}),
  };
  try {
    const summary = await runDemo(options, shutdown, announce);
    process.stdout.write(summary);
  } catch (error) {
    // Ctrl+C ends the roles, and with them what waited for them.
    if (shutdown.signal.aborted) process.exitCode = 130;
    else throw error;
  } finally {
    await shutdown.stop();
  }
}

function ownCluster({clusterLock, keystores, depositData}: DemoFlags, env: NodeJS.ProcessEnv) {
  const given = [clusterLock, keystores, depositData].filter((flag) => flag !== undefined).length;
  if (given === 0) return undefined;
  if (clusterLock === undefined || keystores === undefined || depositData === undefined) {
    throw new DvtError("USAGE", "your own cluster needs --cluster-lock, --keystores and --deposit-data, all three");
  }
  return {
    clusterLock: userPath(clusterLock, env),
    keystoresTemplate: userPath(keystores, env),
    depositData: userPath(depositData, env),
  };
}

type Checked = DemoFlags & {threshold: number; clusterTypes: readonly string[]};

function check({network, nodes, threshold, oracleCount, oracleThreshold, ...flags}: Checked): void {
  const problems = [
    ...(networkNames.includes(network as NetworkName) ? [] : [`--network ${network} is none of ${networkNames.join(", ")}`]),
    ...(threshold > nodes ? [`--threshold ${threshold} is more than --nodes ${nodes}`] : []),
    ...typeProblems({nodes, threshold, ...flags}),
    ...(oracleThreshold > oracleCount
      ? [`--oracle-threshold ${oracleThreshold} is more than --oracle-count ${oracleCount}`]
      : []),
    ...(oracleCount > 256 ? [`--oracle-count ${oracleCount} is more than 256`] : []),
  ];
  if (problems.length > 0) throw new DvtError("USAGE", problems.join("\n"));
}

type OfTypes = Pick<Checked, "clusterTypes" | "clusterType" | "clusterLock" | "nodes" | "threshold">;

function typeProblems({clusterTypes, clusterType, clusterLock, nodes, threshold}: OfTypes): string[] {
  if (new Set(clusterTypes).size < clusterTypes.length || !clusterTypes.every((type) => type === "OBOL" || type === "SSV")) {
    return [`--cluster-type ${clusterType} is none of OBOL, SSV, and OBOL,SSV`];
  }
  if (!clusterTypes.includes("SSV")) return [];
  if (clusterLock !== undefined) return ["--cluster-lock is of an Obol cluster: leave --cluster-type away"];
  const signers = ssvThresholds.get(nodes);
  if (signers === undefined) return [`--nodes ${nodes}: SSV's clusters have ${[...ssvThresholds.keys()].join(", ")}`];
  return signers === threshold ? [] : [`--threshold ${threshold}: of ${nodes} SSV operators ${signers} sign`];
}
