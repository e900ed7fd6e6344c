import type {ClusterStatus} from "../../schemas/status.js";
import type {Cluster} from "../clusters/cluster.js";
import {clusterSharesOf} from "./clusterShares.js";
import {readCompletedExits} from "./completedExits.js";
import {groupMissing} from "./groupMissing.js";
import {readOpenRequests} from "./openExits.js";
import {shareConduct} from "./shareConduct.js";
import {shareIndexStatus} from "./shareIndexStatus.js";
import type {StatusSources} from "./sources.js";

/** What is counted for all clusters together. */
export type ClusterCounts = {readonly openRequests: number; readonly completedToday: number};

/** The status of a cluster. */
export async function readCluster(
  sources: StatusSources,
  cluster: Cluster,
  {nowMs, counts}: {nowMs: number; counts: ClusterCounts},
): Promise<ClusterStatus> {
  const {id, type, threshold, validators} = cluster;
  const shares = clusterSharesOf(sources, cluster, nowMs);
  const {open, notTaken, seen} = await readOpenRequests(sources, id, shares);
  const completed = await readCompletedExits(sources, id, nowMs);
  const unseen = Math.max(0, counts.openRequests - seen);
  const {missing, beyond} = groupMissing(open, threshold);
  const [oldest] = open;
  const {durationsMs} = completed;
  return {
    cluster_id: id,
    type: type === "OBOL" ? "obol" : "ssv",
    threshold,
    validators: validators.size,
    share_indexes: shares.shareIndexes.map((shareIndex) =>
      shareIndexStatus(shareIndex, shares.stateOf(shareIndex), shareConduct(shareIndex, open, completed.latest)),
    ),
    exits: {
      open: open.length + unseen,
      ...(oldest && {oldest_opened_at: oldest.openedAt}),
      not_taken: new Set([...notTaken, ...completed.notTaken]).size,
      completed_today: counts.completedToday,
      ...(durationsMs.length > 0 && {median_ms: quantile(durationsMs, 0.5), p95_ms: quantile(durationsMs, 0.95)}),
      per_minute: [...completed.perMinute],
    },
    missing,
    ...(beyond + unseen > 0 && {beyond: beyond + unseen}),
  };
}

/** Of ascending values: the least that is at least as great as this part of them. */
const quantile = (ascending: readonly number[], part: number): number =>
  ascending[Math.max(0, Math.ceil(ascending.length * part) - 1)] ?? 0;
