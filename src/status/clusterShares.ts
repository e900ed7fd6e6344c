import type {Cluster} from "../clusters/cluster.js";
import {type ParticipantState, participantAt} from "../presence/participantAt.js";
import {shareIndexesOf} from "./shareIndexesOf.js";
import type {StatusSources} from "./sources.js";

/** The share indexes of a cluster as they appear now. */
export type ClusterShares = {
  readonly threshold: number;
  readonly shareIndexes: readonly number[];
  readonly stateOf: (shareIndex: number) => ParticipantState | undefined;
};

/** The share indexes of a cluster as they appear at a time of the bus's clock. */
export function clusterSharesOf(
  {bus, sightings}: Pick<StatusSources, "bus" | "sightings">,
  cluster: Cluster,
  nowMs: number,
): ClusterShares {
  const shareIndexes = shareIndexesOf(cluster, bus.participants());
  const states = new Map(
    shareIndexes.map((shareIndex) => [shareIndex, participantAt(sightings.of(`sidecar-${cluster.id}-${shareIndex}`), nowMs)]),
  );
  return {threshold: cluster.threshold, shareIndexes, stateOf: (shareIndex) => states.get(shareIndex)};
}

/** The same of any cluster, each looked at once; undefined for a cluster that does not take part. */
export function createSharesOf(sources: StatusSources, nowMs: number): (clusterId: string) => ClusterShares | undefined {
  const known = new Map<string, ClusterShares>();
  return (clusterId) => {
    const cluster = sources.clusters.byId(clusterId);
    const shares = known.get(clusterId) ?? (cluster && clusterSharesOf(sources, cluster, nowMs));
    if (shares) known.set(clusterId, shares);
    return shares;
  };
}
