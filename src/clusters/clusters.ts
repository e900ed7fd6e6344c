import type {NetworkName} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import type {ClusterEntry} from "../participants/participants.js";
import type {Cluster, ClusterDefinition, DefinitionOptions, Validator} from "./cluster.js";
import {loadDefinition} from "./loadDefinition.js";

/** Every cluster that takes part, found by its id or by the key of one of its validators. */
export type Clusters = {
  readonly all: readonly Cluster[];
  /** Ids of those whose definition cannot be read now, but may be soon: they may have validators that nobody knows yet. */
  readonly awaited: readonly string[];
  byId(id: string): Cluster | undefined;
  byPublicKey(publicKeyHex: string): {cluster: Cluster; validator: Validator} | undefined;
};

/** Of clusters that have no validator in common. */
export function toClusters(all: readonly Cluster[], awaited: readonly string[] = []): Clusters {
  const ids = new Map(all.map((cluster) => [cluster.id, cluster]));
  const keys = new Map<string, {cluster: Cluster; validator: Validator}>();
  for (const cluster of all) {
    for (const [publicKeyHex, validator] of cluster.validators) keys.set(publicKeyHex, {cluster, validator});
  }
  return {all, awaited, byId: (id) => ids.get(id), byPublicKey: (key) => keys.get(key)};
}

/** A definition in its place. PARTICIPANTS_INVALID when the entry lists a sidecar that the definition does not know. */
export function toCluster(entry: ClusterEntry, definition: ClusterDefinition): Cluster {
  const [first] = definition.validators.values();
  const stranger = entry.sidecars.find(({shareIndex}) => !first?.publicKeyShares.has(shareIndex));
  // Without validators, as an SSV cluster whose first is still to be registered, it knows nobody yet.
  if (first && stranger) {
    throw new DvtError(
      "PARTICIPANTS_INVALID",
      `cluster ${entry.id}: ${nameOf(entry)} knows no share index ${stranger.shareIndex}`,
    );
  }
  return {id: entry.id, operatorIds: entry.operatorIds, ...definition};
}

const nameOf = ({definition}: ClusterEntry): string => (typeof definition === "string" ? definition : "the SSV network");

/** One cluster of the participants file, as its files are now. CONFIG_INVALID where it has none, but is to be read from the chain. */
export async function loadCluster(entry: ClusterEntry, network: NetworkName, options?: DefinitionOptions): Promise<Cluster> {
  if (typeof entry.definition === "string") return toCluster(entry, await loadDefinition(entry.definition, network, options));
  throw new DvtError("CONFIG_INVALID", `cluster ${entry.id}: its definition is on the chain, which is not read here`);
}
