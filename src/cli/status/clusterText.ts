import type {ClusterStatus} from "../../../schemas/status.js";
import {countText} from "../../runtime/countText.js";
import {durationText} from "../../runtime/durationText.js";
import {wrapped} from "../wrapped.js";
import {missingText} from "./missingText.js";
import {shareIndexesTable} from "./shareIndexesTable.js";

type Options = {readonly at: number; readonly width: number | undefined};

/** A cluster, a row for each of its share indexes, and its open exits. */
export function clusterText(cluster: ClusterStatus, {at, width}: Options): string {
  const {cluster_id, type, threshold, validators, share_indexes, missing} = cluster;
  return [
    `${cluster_id}: ${type === "obol" ? "Obol" : "SSV"}, ${threshold} of ${share_indexes.length} sign, ${countText(validators, "validator")}\n`,
    shareIndexesTable(share_indexes, {at, width}),
    wrapped(`  ${exitsText(cluster.exits, at)}`, {width, indent: "    "}),
    ...missing.map((it) => wrapped(`  ${missingText(it, at)}`, {width, indent: "    "})),
  ].join("");
}

function exitsText(
  {open, oldest_opened_at, not_taken, completed_today, median_ms, p95_ms}: ClusterStatus["exits"],
  at: number,
): string {
  const oldest = oldest_opened_at === undefined ? "" : `, the oldest for ${durationText(at - oldest_opened_at)}`;
  const times = [
    ...(median_ms === undefined ? [] : [`median ${durationText(median_ms)}`]),
    ...(p95_ms === undefined ? [] : [`95 % within ${durationText(p95_ms)}`]),
  ];
  return [
    `${countText(open, "exit")} open${oldest}`,
    [`${completed_today} complete today`, ...times].join(", "),
    ...(not_taken > 0 ? [`${not_taken} complete and not taken yet`] : []),
  ].join("; ");
}
