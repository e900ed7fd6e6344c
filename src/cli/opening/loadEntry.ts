import type {NetworkName} from "../../../schemas/fields.js";
import type {Cluster} from "../../clusters/cluster.js";
import {loadCluster, toCluster} from "../../clusters/clusters.js";
import {openSsvChain, type SsvChainConfig} from "../../clusters/ssv/chain/openSsvChain.js";
import {networks} from "../../consensus/networks.js";
import type {ClusterEntry} from "../../participants/participants.js";
import type {Logger} from "../../runtime/logger.js";

/** The variables that a cluster's definition may need. */
export type ClusterConfig = SsvChainConfig & {readonly NETWORK: NetworkName};

type Options = {config: ClusterConfig; env: NodeJS.ProcessEnv; verify: boolean; logger: Logger};

/** The cluster as its definition is now, from its files or the chain. */
export async function loadEntry(entry: ClusterEntry, {config, env, verify, logger}: Options): Promise<Cluster> {
  if (typeof entry.definition === "string") {
    const onUnverified = (problem: string): void => logger.warn({problem}, "cluster definition accepted unverified");
    return loadCluster(entry, config.NETWORK, {verify, onUnverified});
  }
  const chain = openSsvChain({config, env, network: networks[config.NETWORK], logger});
  try {
    return toCluster(entry, (await chain.follow(entry.definition)).current());
  } finally {
    await chain.stop();
  }
}
