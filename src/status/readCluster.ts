import type {ClusterStatus} from "../../schemas/status.js";
import type {Cluster} from "../clusters/cluster.js";
import {participantAt} from "../presence/participantAt.js";
import {shareIndexesOf} from "./shareIndexesOf.js";
import {shareIndexStatus} from "./shareIndexStatus.js";
import type {StatusSources} from "./sources.js";

/** The status of a cluster. */
export function readCluster({bus, sightings}: StatusSources, cluster: Cluster, nowMs: number): ClusterStatus {
  const {id, type, threshold, validators} = cluster;
  return {
    cluster_id: id,
    type: type === "OBOL" ? "obol" : "ssv",
    threshold,
    validators: validators.size,
    share_indexes: shareIndexesOf(cluster, bus.participants()).map((shareIndex) => {
      const state = participantAt(sightings.of(`sidecar-${id}-${shareIndex}`), nowMs);
      return shareIndexStatus(shareIndex, state, {latest: []});
    }),
    exits: {open: 0, not_taken: 0, completed_today: 0, per_minute: []},
    missing: [],
  };
}
