import type {Cluster} from "../../clusters/cluster.js";
import {DvtError} from "../../errors.js";
import type {ClusterEntry, Participants} from "../../participants/participants.js";
import type {Logger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";
import {loadEntry} from "../opening/loadEntry.js";
import {type KeyShareConfig, nameOf, shareIndexesOf} from "./shareIndexes.js";

type LoadOptions = {config: KeyShareConfig; env: NodeJS.ProcessEnv; verify: boolean; logger: Logger};

/** The entry of the cluster that CLUSTER_ID names, with this machine's own definition file if one is set. */
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
    id === undefined ? `CLUSTER_ID is not set: set it to one of ${ids}` : `CLUSTER_ID is ${id}, but participants.json has ${ids}`,
  );
}

/** Loads the cluster; CONFIG_INVALID when its definition is of another type than CLUSTER_TYPE. */
export const loadOwnCluster = async (entry: ClusterEntry, options: LoadOptions): Promise<Cluster> =>
  expectType(await loadEntry(entry, options), entry, options.config);

/** The cluster, or CONFIG_INVALID if it is missing or of another type than CLUSTER_TYPE. */
export function expectType(cluster: Cluster | undefined, entry: ClusterEntry, {CLUSTER_TYPE}: KeyShareConfig): Cluster {
  if (cluster?.type === CLUSTER_TYPE) return cluster;
  const source = typeof entry.definition === "string" ? entry.definition : "participants.json";
  const problem = cluster ? `${source} defines an ${cluster.type} cluster` : `there is no cluster ${entry.id}`;
  throw new DvtError("CONFIG_INVALID", `CLUSTER_TYPE is ${CLUSTER_TYPE}, but ${problem}`);
}

/** The sidecars of this process, each with its nkey; CONFIG_INVALID when participants.json does not list one of them. */
export function ownSidecars({id, sidecars}: ClusterEntry, config: KeyShareConfig): ClusterEntry["sidecars"] {
  return shareIndexesOf(config).map((shareIndex) => {
    const listed = sidecars.find((it) => it.shareIndex === shareIndex);
    if (listed) return listed;
    const problem = `${nameOf(shareIndex, config)}: participants.json lists no share index ${shareIndex} in cluster ${id}`;
    throw new DvtError("CONFIG_INVALID", problem);
  });
}
