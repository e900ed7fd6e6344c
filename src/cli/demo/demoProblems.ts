import {type NetworkName, networkNames} from "../../../schemas/fields.js";
import {ssvThresholds} from "../../clusters/ssv/ssvShares.js";

export type DemoChoice = {
  network: string;
  clusterTypes: readonly string[];
  clusterLock?: string;
  nodes: number;
  threshold: number;
  oracleCount: number;
  oracleThreshold: number;
  sidecars?: number;
};

/** What of the demo's options is out of bounds or does not go together. */
export function demoProblems({network, oracleCount, oracleThreshold, sidecars, ...cluster}: DemoChoice): string[] {
  const {nodes, threshold, clusterLock} = cluster;
  return [
    ...(networkNames.includes(network as NetworkName) ? [] : [`--network ${network} is none of ${networkNames.join(", ")}`]),
    ...(threshold > nodes ? [`--threshold ${threshold} is more than --nodes ${nodes}`] : []),
    ...typeProblems(cluster),
    ...(clusterLock === undefined && (sidecars ?? 0) > nodes ? [`--sidecars ${sidecars} is more than --nodes ${nodes}`] : []),
    ...(oracleThreshold > oracleCount
      ? [`--oracle-threshold ${oracleThreshold} is more than --oracle-count ${oracleCount}`]
      : []),
    ...(oracleCount > 256 ? [`--oracle-count ${oracleCount} is more than 256`] : []),
  ];
}

type Cluster = Omit<DemoChoice, "network" | "oracleCount" | "oracleThreshold" | "sidecars">;

function typeProblems({clusterTypes, clusterLock, nodes, threshold}: Cluster): string[] {
  const isKnown = clusterTypes.every((type) => type === "OBOL" || type === "SSV");
  if (!isKnown || new Set(clusterTypes).size < clusterTypes.length) {
    return [`--cluster-type ${clusterTypes} is none of OBOL, SSV, and OBOL,SSV`];
  }
  if (!clusterTypes.includes("SSV")) return [];
  if (clusterLock !== undefined) return ["--cluster-lock is of an Obol cluster: leave --cluster-type away"];
  const signers = ssvThresholds.get(nodes);
  if (signers === undefined) return [`--nodes ${nodes}: SSV's clusters have ${[...ssvThresholds.keys()].join(", ")}`];
  return signers === threshold ? [] : [`--threshold ${threshold}: of ${nodes} SSV operators ${signers} sign`];
}
