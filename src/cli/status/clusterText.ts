import type {ClusterStatus, ShareIndexStatus} from "../../../schemas/status.js";
import {countText} from "../../runtime/countText.js";
import {durationText} from "../../runtime/durationText.js";
import {toColumns} from "../columns.js";
import {timeText} from "../timeText.js";
import {wrapped} from "../wrapped.js";
import {missingText} from "./missingText.js";
import {stateText} from "./stateText.js";

type Options = {readonly at: number; readonly width: number | undefined};

/** A cluster, a row for each of its share indexes, and its open exits. */
export function clusterText(cluster: ClusterStatus, {at, width}: Options): string {
  const {cluster_id, type, threshold, validators, share_indexes, missing} = cluster;
  const sizes = `${threshold} of ${share_indexes.length} sign, ${countText(validators, "validator")}`;
  const rows = share_indexes.map((it) => toRow(it, at));
  return [
    `${cluster_id}: ${type === "obol" ? "Obol" : "SSV"}, ${sizes}\n`,
    toColumns([headings, ...rows], {right: [0, 4], width, spare: [7, 4, 3]}),
    wrapped(`  ${exitsText(cluster.exits, at)}`, {width, indent: "  "}),
    ...missing.map((it) => wrapped(`  ${missingText(it, at)}`, {width, indent: "    "})),
  ].join("");
}

const headings = ["share index", "state", "last seen", "last signed", "signed", "waits for", "refused", "version"];

function toRow(index: ShareIndexStatus, at: number): string[] {
  const {share_index, state, since, last_seen, last_signed, signed, refused, version = "-"} = index;
  return [
    String(share_index),
    `${stateText(state)}${state === "signs" || since === undefined ? "" : ` ${durationText(at - since)}`}`,
    ago(last_seen, at),
    ago(last_signed, at),
    String(signed),
    waitsText(index, at),
    refused.map(({code, exits}) => `${code} ${exits}`).join(", ") || "-",
    version,
  ];
}

const ago = (ms: number | undefined, at: number): string => (ms === undefined ? "never" : `${durationText(at - ms)} ago`);

/** What it waits for; if nothing waits yet, which of its servers is away. */
function waitsText({waits, beacon, signer}: ShareIndexStatus, at: number): string {
  const servers = [
    ...(beacon && beacon.state !== "ok" ? [`beacon node ${beacon.state} since ${timeText(beacon.since, at)}`] : []),
    ...(signer && signer.state !== "ok" ? [`signer ${signer.state} since ${timeText(signer.since, at)}`] : []),
  ];
  const codes = waits.map(({code, since, exits}) => `${code} since ${timeText(since, at)} (${countText(exits, "exit")})`);
  return (codes.length > 0 ? codes : servers).join(", ") || "-";
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
