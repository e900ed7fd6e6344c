import {join} from "node:path";
import type {ClusterType} from "../clusters/cluster.js";
import type {Network} from "../consensus/networks.js";
import {type ClusterFiles, writeCluster} from "../sandbox/makeCluster.js";
import {ssvOperatorIds, writeSsvCluster} from "../sandbox/makeSsvCluster.js";
import {type DemoCluster, toObolCluster, toSsvCluster} from "./demoCluster.js";

/** What the user chose for the demo's clusters. */
export type ClusterOptions = {
  /** One cluster of each type. */
  clusterTypes: readonly ClusterType[];
  /** The validators of each cluster. */
  validators: number;
  nodes: number;
  /** The threshold of an Obol cluster; an SSV cluster's follows from its nodes. */
  threshold: number;
  /** How many sidecars of each cluster the demo runs; undefined: all whose keys it has. */
  sidecars?: number;
  /** The user's own Obol cluster instead of generated ones. */
  cluster?: ClusterFiles;
  /** false: the hashes and signatures of its definition are not checked. */
  verify: boolean;
};

/** Makes the clusters that the user chose, or takes the user's own. */
export async function makeDemoClusters(
  {clusterTypes, validators, nodes, threshold, sidecars, cluster, verify}: ClusterOptions,
  {folder, network, vault, announce}: {folder: string; network: Network; vault: string; announce: (step: string) => void},
): Promise<DemoCluster[]> {
  if (cluster) return [await toObolCluster(cluster, network, {id: "demo", sidecars, verify})];
  const operatorIds = ssvOperatorIds(nodes);
  const makers: Record<ClusterType, (id: string) => Promise<DemoCluster>> = {
    async OBOL(id) {
      announce(`making an Obol cluster: ${validators} validators, ${nodes} nodes, ${threshold} of them sign`);
      const files = await writeCluster(join(folder, id), network, {validators, nodes, threshold, vault});
      return toObolCluster(files, network, {id, sidecars, verify});
    },
    async SSV(id) {
      announce(`making an SSV cluster: ${validators} validators, operators ${operatorIds.join(", ")}`);
      const files = await writeSsvCluster(join(folder, id), network, {validators, operatorIds, vault});
      return toSsvCluster(files, operatorIds, {id, sidecars, vault});
    },
  };
  const made: DemoCluster[] = [];
  for (const type of clusterTypes) made.push(await makers[type](`demo-${type.toLowerCase()}`));
  return made;
}
