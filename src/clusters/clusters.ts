import type {NetworkName} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import type {ClusterEntry, Participants} from "../participants/participants.js";
import type {Cluster, Validator} from "./cluster.js";
import {loadDefinition} from "./loadDefinition.js";

/** Every cluster that takes part, found by its id or by the key of one of its validators. */
export type Clusters = {
  readonly all: readonly Cluster[];
  byId(id: string): Cluster | undefined;
  byPublicKey(publicKeyHex: string): {cluster: Cluster; validator: Validator} | undefined;
};

/** One cluster of the participants file. PARTICIPANTS_INVALID when the file lists a sidecar that its definition does not know. */
export async function loadCluster(entry: ClusterEntry, network: NetworkName): Promise<Cluster> {
  if (typeof entry.definition !== "string") {
    throw new DvtError("CONFIG_INVALID", `cluster ${entry.id}: its definition is on the chain, which is not read here`);
  }
  const definition = await loadDefinition(entry.definition, network);
  const [first] = definition.validators.values();
  const stranger = entry.sidecars.find(({shareIndex}) => !first?.publicKeyShares.has(shareIndex));
  if (stranger) {
    throw new DvtError(
      "PARTICIPANTS_INVALID",
      `cluster ${entry.id}: ${entry.definition} knows no share index ${stranger.shareIndex}`,
    );
  }
  return {id: entry.id, operatorIds: entry.operatorIds, ...definition};
}

/** PARTICIPANTS_INVALID when a validator stands in two clusters. */
export async function loadClusters({clusters: entries, network}: Participants): Promise<Clusters> {
  const all: Cluster[] = [];
  for (const entry of entries) all.push(await loadCluster(entry, network));
  const byKey = new Map<string, {cluster: Cluster; validator: Validator}>();
  for (const cluster of all) {
    for (const [publicKeyHex, validator] of cluster.validators) {
      const other = byKey.get(publicKeyHex)?.cluster;
      if (other) {
        throw new DvtError("PARTICIPANTS_INVALID", `validator ${publicKeyHex} is in two clusters: ${other.id} and ${cluster.id}`);
      }
      byKey.set(publicKeyHex, {cluster, validator});
    }
  }
  return {all, byId: (id) => all.find((cluster) => cluster.id === id), byPublicKey: (key) => byKey.get(key)};
}
