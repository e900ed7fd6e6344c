import {join} from "node:path";
import type {ClusterType} from "../clusters/cluster.js";
import type {Network} from "../consensus/networks.js";
import {type DemoCluster, toObolCluster, toSsvCluster} from "./demoCluster.js";
import {type ClusterFiles, writeCluster} from "./makeCluster.js";
import {ssvOperatorIds, writeSsvCluster} from "./makeSsvCluster.js";

export type ClusterOptions = {
  /** One cluster of each. */
  clusterTypes: readonly ClusterType[];
  /** Of each cluster. */
  validators: number;
  nodes: number;
  /** Of an Obol cluster; SSV's follows from its nodes. */
  threshold: number;
  /** The user's own Obol cluster instead of generated ones. */
  cluster?: ClusterFiles;
};

export async function makeDemoClusters(
  {clusterTypes, validators, nodes, threshold, cluster}: ClusterOptions,
  {folder, network, announce}: {folder: string; network: Network; announce: (step: string) => void},
): Promise<DemoCluster[]> {
  if (cluster) return [await toObolCluster("demo", cluster, network)];
  const operatorIds = ssvOperatorIds(nodes);
  const makers: Record<ClusterType, (id: string) => Promise<DemoCluster>> = {
    async OBOL(id) {
      announce(`making an Obol cluster: ${validators} validators, ${nodes} nodes, ${threshold} of them sign`);
      return toObolCluster(id, await writeCluster(join(folder, id), network, {validators, nodes, threshold}), network);
    },
    async SSV(id) {
      announce(`making an SSV cluster: ${validators} validators, operators ${operatorIds.join(", ")}`);
      return toSsvCluster(id, await writeSsvCluster(join(folder, id), network, {validators, operatorIds}), operatorIds);
    },
  };
  const made: DemoCluster[] = [];
  for (const type of clusterTypes) made.push(await makers[type](`demo-${type.toLowerCase()}`));
  return made;
}
