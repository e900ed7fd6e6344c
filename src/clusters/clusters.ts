import type {NetworkName} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import type {ClusterEntry} from "../participants/participants.js";
import type {Cluster, ClusterDefinition, DefinitionOptions, Validator} from "./cluster.js";
import {loadDefinition} from "./loadDefinition.js";

/** The clusters that take part, by id and by the public keys of their validators. */
export type Clusters = {
  readonly all: readonly Cluster[];
  /** Ids of clusters whose definition cannot be read now, but may be soon: they may have more validators. */
  readonly awaited: readonly string[];
  byId(id: string): Cluster | undefined;
  byPublicKey(publicKeyHex: string): {cluster: Cluster; validator: Validator} | undefined;
};

/** Indexes clusters by id and public key; expects no validator in two of them. */
export function toClusters(all: readonly Cluster[], awaited: readonly string[] = []): Clusters {
  const ids = new Map(all.map((cluster) => [cluster.id, cluster]));
  const clusterOf = new Map<string, Cluster>();
  for (const cluster of all) for (const key of cluster.validators.keys()) clusterOf.set(key, cluster);
  return {
    all,
    awaited,
    byId: (id) => ids.get(id),
    byPublicKey(key) {
      const cluster = clusterOf.get(key);
      const validator = cluster?.validators.get(key);
      return cluster && validator && {cluster, validator};
    },
  };
}

/**
 * Builds a cluster from its entry and definition; PARTICIPANTS_INVALID when the entry lists a sidecar that the definition does
 * not have.
 */
export function toCluster(entry: ClusterEntry, definition: ClusterDefinition): Cluster {
  const [first] = definition.validators.values();
  const stranger = entry.sidecars.find(({shareIndex}) => !first?.publicKeyShares.has(shareIndex));
  // An SSV cluster has no share indexes before its first validator is registered.
  if (first && stranger) {
    throw new DvtError(
      "PARTICIPANTS_INVALID",
      `read cluster ${entry.id}: ${nameOf(entry)} has no share index ${stranger.shareIndex}`,
    );
  }
  return {id: entry.id, operatorIds: entry.operatorIds, ...definition};
}

const nameOf = ({definition}: ClusterEntry): string => (typeof definition === "string" ? definition : "the SSV network");

/** Loads one cluster of participants.json from its files; CONFIG_INVALID if its definition is on the chain. */
export async function loadCluster(entry: ClusterEntry, network: NetworkName, options?: DefinitionOptions): Promise<Cluster> {
  if (typeof entry.definition === "string") return toCluster(entry, await loadDefinition(entry.definition, network, options));
  throw new DvtError("CONFIG_INVALID", `read cluster ${entry.id}: its definition is on the chain; name a file instead`);
}
