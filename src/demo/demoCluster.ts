import {access} from "node:fs/promises";
import {join} from "node:path";
import {loadDefinition} from "../clusters/loadDefinition.js";
import {ssvThresholdOf} from "../clusters/ssv/ssvShares.js";
import type {Network} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {type ClusterFiles, keystoresOf} from "../sandbox/makeCluster.js";
import type {SsvClusterFiles} from "../sandbox/makeSsvCluster.js";

/** A cluster of the demo, Obol or SSV. */
export type DemoCluster = {
  readonly id: string;
  readonly definition: string;
  readonly depositData: string;
  /** The path of a node's keys, with a placeholder for the node. */
  readonly keys: string;
  readonly threshold: number;
  readonly shareIndexes: readonly number[];
  /** The share indexes whose sidecars the demo runs itself. */
  readonly ours: readonly number[];
  /** The variables that tell a sidecar which node it belongs to. */
  sidecarEnv(shareIndex: number): Record<string, string>;
  /** The same for one sidecar of several nodes. */
  sidecarsEnv(shareIndexes: readonly number[]): Record<string, string>;
};

type Options = {
  id: string;
  /** How many sidecars the demo runs; undefined: one for each node whose keys are here. */
  sidecars: number | undefined;
};

/** Throws USAGE unless `sidecars` nodes have keystores here, or, without a number, enough nodes to sign. */
export async function toObolCluster(
  files: ClusterFiles,
  network: Network,
  {id, sidecars, verify}: Options & {verify: boolean},
): Promise<DemoCluster> {
  const {clusterLock, keystoresTemplate, depositData} = files;
  const {validators, threshold} = await loadDefinition(clusterLock, network.name, {verify});
  const [first] = validators.values();
  const shareIndexes = [...(first?.publicKeyShares.keys() ?? [])];
  const withKeys: number[] = [];
  for (const shareIndex of shareIndexes) {
    if (await isThere(keystoresOf(keystoresTemplate, shareIndex - 1))) withKeys.push(shareIndex);
  }
  const needed = sidecars ?? threshold;
  if (withKeys.length < needed) {
    const expected = keystoresOf(keystoresTemplate, 0);
    throw new DvtError(
      "USAGE",
      `find keystores: ${withKeys.length} nodes have some, ${needed} must sign here; the first were expected in ${expected}`,
    );
  }
  const sidecarEnv = (shareIndex: number): Record<string, string> => ({
    CLUSTER_TYPE: "OBOL",
    OBOL_CLUSTER_LOCK_FILE: clusterLock,
    OBOL_KEYSTORES_DIR: keystoresOf(keystoresTemplate, shareIndex - 1),
    OBOL_NODE_INDEX: String(shareIndex - 1),
  });
  const sidecarsEnv = (several: readonly number[]): Record<string, string> => ({
    CLUSTER_TYPE: "OBOL",
    OBOL_CLUSTER_LOCK_FILE: clusterLock,
    OBOL_KEYSTORES_DIR_TEMPLATE: keystoresTemplate,
    OBOL_NODE_INDEXES: several.map((shareIndex) => shareIndex - 1).join(","),
  });
  const ours = withKeys.slice(0, sidecars);
  return {
    id,
    definition: clusterLock,
    depositData,
    keys: keystoresTemplate,
    threshold,
    shareIndexes,
    ours,
    sidecarEnv,
    sidecarsEnv,
  };
}

/** The cluster of these SSV operators, whose files were generated. */
export function toSsvCluster(
  files: SsvClusterFiles,
  operatorIds: readonly number[],
  {id, sidecars, vault}: Options & {vault: string},
): DemoCluster {
  const {keyshares, depositData, folderOf} = files;
  const threshold = ssvThresholdOf(operatorIds, keyshares);
  const sidecarEnv = (operatorId: number): Record<string, string> => ({
    CLUSTER_TYPE: "SSV",
    SSV_KEYSHARES_FILE: keyshares,
    SSV_OPERATOR_ID: String(operatorId),
    SSV_OPERATOR_KEY_FILE: join(folderOf(operatorId), "encrypted_private_key.json"),
    SSV_OPERATOR_PASSWORD_FILE: join(folderOf(operatorId), "password"),
    // A keyshares file does not name the vault.
    ALLOWED_VAULTS: vault,
  });
  const sidecarsEnv = (several: readonly number[]): Record<string, string> => ({
    CLUSTER_TYPE: "SSV",
    SSV_KEYSHARES_FILE: keyshares,
    SSV_OPERATOR_IDS: several.join(","),
    SSV_OPERATOR_KEY_FILE_TEMPLATE: join(folderOf("{operator_id}"), "encrypted_private_key.json"),
    SSV_OPERATOR_PASSWORD_FILE_TEMPLATE: join(folderOf("{operator_id}"), "password"),
  });
  const ours = operatorIds.slice(0, sidecars);
  return {
    id,
    definition: keyshares,
    depositData,
    keys: folderOf("{operator_id}"),
    threshold,
    shareIndexes: operatorIds,
    ours,
    sidecarEnv,
    sidecarsEnv,
  };
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
