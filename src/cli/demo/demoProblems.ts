import {type NetworkName, networkNames} from "../../../schemas/fields.js";
import {ssvThresholds} from "../../clusters/ssv/ssvShares.js";

/** The options of the demo that depend on each other. */
export type DemoChoice = {
  network: string;
  clusterTypes: readonly string[];
  clusterLock?: string;
  nodes: number;
  threshold: number;
  oracleCount: number;
  oracleThreshold: number;
  sidecars?: number;
  register?: boolean;
  startIndex?: number;
  output?: string;
  oracles?: string;
  httpPort?: number;
  validators?: number;
};

/** Describes the demo's options that are out of bounds or do not fit together. */
export function demoProblems(choice: DemoChoice): string[] {
  const {network, oracleCount, oracleThreshold, sidecars, nodes, threshold, clusterLock} = choice;
  return [
    ...(networkNames.includes(network as NetworkName) ? [] : [`--network ${network} is not one of ${networkNames.join(", ")}`]),
    ...(threshold > nodes ? [`--threshold ${threshold} is more than --nodes ${nodes}`] : []),
    ...typeProblems(choice),
    ...(clusterLock === undefined && (sidecars ?? 0) > nodes ? [`--sidecars ${sidecars} is more than --nodes ${nodes}`] : []),
    ...(oracleThreshold > oracleCount
      ? [`--oracle-threshold ${oracleThreshold} is more than --oracle-count ${oracleCount}`]
      : []),
    ...(choice.register ? registerProblems(choice) : []),
    ...(oracleCount > 256 ? [`--oracle-count ${oracleCount} is more than 256`] : []),
  ];
}

/** One process plays all oracles, and each checks every shard before the operator loses patience. */
const [mostRegistered, mostOracles] = [20, 20];

function registerProblems({threshold, validators = 1, clusterTypes, sidecars = threshold, ...choice}: DemoChoice): string[] {
  const {clusterLock, oracles, oracleCount, httpPort, startIndex, output} = choice;
  const most = Math.floor(mostRegistered / clusterTypes.length);
  return [
    ...(clusterLock === undefined
      ? []
      : ["--register with --cluster-lock: it makes its own cluster, because it stakes nothing real; omit one of them"]),
    ...(oracles === undefined
      ? []
      : ["--register with --oracles: it plays the oracles, whose private keys it needs; omit --oracles"]),
    ...(httpPort === undefined ? [] : ["--register with --http-port: it starts no gateway; omit --http-port"]),
    ...(startIndex === undefined ? [] : ["--register with --start-index: its chain says the next index; omit --start-index"]),
    ...(output === undefined ? [] : ["--register with --output: its results are on the chain; omit --output"]),
    ...(sidecars < threshold ? [`--register with --sidecars ${sidecars}: ${threshold} have to sign here`] : []),
    ...(oracleCount > mostOracles ? [`--register with --oracle-count ${oracleCount}: ${mostOracles} at most`] : []),
    ...(validators > most ? [`--register with --validators ${validators}: ${most} at most for each cluster`] : []),
  ];
}

type Cluster = Pick<DemoChoice, "clusterTypes" | "clusterLock" | "nodes" | "threshold">;

function typeProblems({clusterTypes, clusterLock, nodes, threshold}: Cluster): string[] {
  const isKnown = clusterTypes.every((type) => type === "OBOL" || type === "SSV");
  if (!isKnown || new Set(clusterTypes).size < clusterTypes.length) {
    return [`--cluster-type ${clusterTypes} is not OBOL, SSV or OBOL,SSV`];
  }
  if (!clusterTypes.includes("SSV")) return [];
  if (clusterLock !== undefined) return ["--cluster-lock is for an Obol cluster: omit --cluster-type"];
  const signers = ssvThresholds.get(nodes);
  if (signers === undefined) return [`--nodes ${nodes}: an SSV cluster has ${[...ssvThresholds.keys()].join(", ")} nodes`];
  return signers === threshold ? [] : [`--threshold ${threshold}: with ${nodes} SSV operators it is ${signers}`];
}
