import {access} from "node:fs/promises";
import {join} from "node:path";
import {loadDefinition} from "../clusters/loadDefinition.js";
import type {Network} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {type ClusterFiles, keystoresOf} from "./makeCluster.js";
import type {SsvClusterFiles} from "./makeSsvCluster.js";

/** A cluster of the demo, whichever kind it is of. */
export type DemoCluster = {
  readonly id: string;
  readonly definition: string;
  readonly depositData: string;
  /** Of the nodes whose keys are here. */
  readonly shareIndexes: readonly number[];
  /** What tells a sidecar which node's it is. */
  sidecarEnv(shareIndex: number): Record<string, string>;
};

/** Enough nodes have keystores here to sign, or the demo says so before it starts. */
export async function toObolCluster(id: string, files: ClusterFiles, network: Network): Promise<DemoCluster> {
  const {clusterLock, keystoresTemplate, depositData} = files;
  const {validators, threshold} = await loadDefinition(clusterLock, network.name);
  const [first] = validators.values();
  const shareIndexes: number[] = [];
  for (const shareIndex of first?.publicKeyShares.keys() ?? []) {
    if (await isThere(keystoresOf(keystoresTemplate, shareIndex - 1))) shareIndexes.push(shareIndex);
  }
  if (shareIndexes.length < threshold) {
    const looked = keystoresOf(keystoresTemplate, 0);
    throw new DvtError(
      "KEYSTORES_MISSING",
      `find keystores: ${shareIndexes.length} nodes have some, ${threshold} must sign; the first was looked for in ${looked}`,
    );
  }
  const sidecarEnv = (shareIndex: number): Record<string, string> => ({
    CLUSTER_TYPE: "OBOL",
    OBOL_CLUSTER_LOCK_FILE: clusterLock,
    OBOL_KEYSTORES_DIR: keystoresOf(keystoresTemplate, shareIndex - 1),
    OBOL_NODE_INDEX: String(shareIndex - 1),
  });
  return {id, definition: clusterLock, depositData, shareIndexes, sidecarEnv};
}

export function toSsvCluster(id: string, files: SsvClusterFiles, operatorIds: readonly number[]): DemoCluster {
  const {keyshares, depositData, folderOf} = files;
  const sidecarEnv = (operatorId: number): Record<string, string> => ({
    CLUSTER_TYPE: "SSV",
    SSV_KEYSHARES_FILE: keyshares,
    SSV_OPERATOR_ID: String(operatorId),
    SSV_OPERATOR_KEY_FILE: join(folderOf(operatorId), "encrypted_private_key.json"),
    SSV_OPERATOR_PASSWORD_FILE: join(folderOf(operatorId), "password"),
  });
  return {id, definition: keyshares, depositData, shareIndexes: operatorIds, sidecarEnv};
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
