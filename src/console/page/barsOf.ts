import type {ClusterStatus} from "../../../schemas/status.js";

const minutes = 60;

/** The completed exits of all clusters, minute by minute, the oldest first. */
export function barsOf(clusters: readonly Pick<ClusterStatus, "exits">[]): {counts: number[]; total: number; most: number} {
  const counts = Array.from({length: minutes}, (_, minute) =>
    // A cluster that says less says the latest.
    clusters.reduce((sum, {exits: {per_minute: its}}) => sum + (its[its.length - minutes + minute] ?? 0), 0),
  );
  return {counts, total: counts.reduce((sum, it) => sum + it, 0), most: Math.max(...counts)};
}
