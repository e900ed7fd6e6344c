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
};

/** Describes the demo's options that are out of bounds or do not fit together. */
export function demoProblems({network, oracleCount, oracleThreshold, sidecars, ...cluster}: DemoChoice): string[] {
  const {nodes, threshold, clusterLock} = cluster;
  return [
    ...(networkNames.includes(network as NetworkName) ? [] : [`--network ${network} is not one of ${networkNames.join(", ")}`]),
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
    return [`--cluster-type ${clusterTypes} is not OBOL, SSV or OBOL,SSV`];
  }
  if (!clusterTypes.includes("SSV")) return [];
  if (clusterLock !== undefined) return ["--cluster-lock is for an Obol cluster: omit --cluster-type"];
  const signers = ssvThresholds.get(nodes);
  if (signers === undefined) return [`--nodes ${nodes}: an SSV cluster has ${[...ssvThresholds.keys()].join(", ")} nodes`];
  return signers === threshold ? [] : [`--threshold ${threshold}: with ${nodes} SSV operators it is ${signers}`];
}
