import type {Cluster} from "../clusters/cluster.js";
import {loadCluster} from "../clusters/clusters.js";
import {DvtError} from "../errors.js";
import type {ClusterEntry, Participants} from "../participants/participants.js";
import {userPath} from "../runtime/userPath.js";
import {type KeyShareConfig, nameOf, shareIndexesOf} from "./shareIndexes.js";

/** The entry of the cluster that CLUSTER_ID names, with the definition that this machine has in place of the one named there. */
export function ownEntry({clusters}: Participants, config: KeyShareConfig, env: NodeJS.ProcessEnv): ClusterEntry {
  const entry = entryOf(clusters, config.CLUSTER_ID);
  const own = config.CLUSTER_TYPE === "SSV" ? config.SSV_KEYSHARES_FILE : config.OBOL_CLUSTER_LOCK_FILE;
  return own === undefined ? entry : {...entry, definition: userPath(own, env)};
}

function entryOf(clusters: readonly ClusterEntry[], id: string | undefined): ClusterEntry {
  const named = id === undefined ? clusters : clusters.filter((cluster) => cluster.id === id);
  const [only] = named;
  if (only && named.length === 1) return only;
  const ids = clusters.map((cluster) => cluster.id).join(", ");
  throw new DvtError(
    "CONFIG_INVALID",
    id === undefined ? `CLUSTER_ID is not set: it is one of ${ids}` : `CLUSTER_ID is ${id}: participants.json has ${ids}`,
  );
}

/** CONFIG_INVALID when the definition is of the other type. */
export async function loadOwnCluster(entry: ClusterEntry, config: KeyShareConfig): Promise<Cluster> {
  const cluster = await loadCluster(entry, config.NETWORK);
  if (cluster.type === config.CLUSTER_TYPE) return cluster;
  const problem = `CLUSTER_TYPE is ${config.CLUSTER_TYPE}, but ${entry.definition} defines an ${cluster.type} cluster`;
  throw new DvtError("CONFIG_INVALID", problem);
}

/** Those of this process, each with its nkey. CONFIG_INVALID when participants.json does not list one of them. */
export function ownSidecars({id, sidecars}: ClusterEntry, config: KeyShareConfig): ClusterEntry["sidecars"] {
  return shareIndexesOf(config).map((shareIndex) => {
    const listed = sidecars.find((it) => it.shareIndex === shareIndex);
    if (listed) return listed;
    const problem = `${nameOf(shareIndex, config)}: participants.json lists no share index ${shareIndex} in cluster ${id}`;
    throw new DvtError("CONFIG_INVALID", problem);
  });
}
