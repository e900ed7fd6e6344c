import type {Alarm, ClusterStatus, Lack, ShareIndexStatus} from "../../schemas/status.js";
import {countText} from "../runtime/countText.js";
import {durationText} from "../runtime/durationText.js";
import {clockAlarms} from "./clockAlarms.js";
import {thresholds} from "./thresholds.js";
import {toAlarm} from "./toAlarm.js";
import {todoOfLack} from "./todoOfLack.js";

/** What needs attention in a cluster. */
export function clusterAlarms(cluster: ClusterStatus, at: number): Alarm[] {
  const {cluster_id} = cluster;
  const of = (alarm: Omit<Alarm, "cluster_id">): Alarm => toAlarm({...alarm, cluster_id});
  return [
    ...openLong(cluster, at),
    ...belowThreshold(cluster, at),
    ...cluster.share_indexes.flatMap((it) => shareIndexAlarms(it, at, cluster_id)),
  ].map(of);
}

type ClusterAlarm = Omit<Alarm, "cluster_id">;

function openLong({cluster_id, exits, missing}: ClusterStatus, at: number): ClusterAlarm[] {
  const {open, oldest_opened_at: since = at} = exits;
  if (at - since < thresholds.openMs) return [];
  const [oldest] = missing;
  const has = oldest ? `; the oldest has ${oldest.has.length} of ${oldest.needs} shares` : "";
  return [
    {
      kind: "exits_open_long",
      since,
      text: `${countText(open, "exit")} of ${cluster_id} open, the oldest for ${durationText(at - since)}${has}`,
      todo: todoOfLacks(oldest?.lacks ?? []),
    },
  ];
}

const helpsSoonest = [
  {why: "waits", does: "waits"},
  {why: "away", does: "is away"},
  {why: "refused", does: "refuses"},
] as const;

/** What helps soonest: a share index that is away or waits can be repaired, one that refuses has to be asked why. */
function todoOfLacks(lacks: readonly Lack[]): string {
  for (const {why, does} of helpsSoonest) {
    const first = lacks.find((it) => it.why === why);
    if (!first) continue;
    const its = lacks.filter((it) => it.why === why && it.code === first.code);
    const code = first.code === undefined ? "" : `, ${first.code}`;
    return `Share index ${its.map(({share_index}) => share_index).join(", ")} ${does}${code}: ${todoOfLack(first)}`;
  }
  return "All sidecars are here and were asked: look at their logs and at the aggregator's.";
}

/** Away or waiting for longer than a restart takes. */
const isOut = ({state, since = 0}: ShareIndexStatus, at: number): boolean =>
  (state === "away" && at - since >= thresholds.silentMs) || (state === "waits" && at - since >= thresholds.waitsMs);

function belowThreshold({cluster_id, threshold, share_indexes}: ClusterStatus, at: number): ClusterAlarm[] {
  const out = share_indexes.filter((it) => isOut(it, at));
  const left = share_indexes.length - out.length;
  if (out.length === 0 || left >= threshold) return [];
  return [
    {
      kind: "below_threshold",
      text: `${cluster_id} completes no exit: ${left} of its ${share_indexes.length} share indexes can sign, and ${threshold} are needed`,
      todo: `Bring back ${countText(threshold - left, "sidecar")} of share index ${out.map(({share_index}) => share_index).join(", ")}.`,
    },
  ];
}

function shareIndexAlarms(index: ShareIndexStatus, at: number, clusterId: string): ClusterAlarm[] {
  const {share_index, state, since, waits, clock_offset_ms: offsetMs = 0} = index;
  const named = `share index ${share_index} of ${clusterId}`;
  const from = {share_index, ...(since !== undefined && {since})};
  const alarms: ClusterAlarm[] = [];
  if (isOut(index, at) && state === "away") {
    const text = since === undefined ? `${named} was never seen` : `${named} was not seen for ${durationText(at - since)}`;
    alarms.push({kind: "share_index_away", ...from, text, todo: todoOfLack({why: "away"})});
  }
  if (isOut(index, at) && state === "waits") {
    const code =
      waits[0]?.code ?? (index.beacon?.state === "ok" || !index.beacon ? "SIGNER_UNAVAILABLE" : "CONSENSUS_UNAVAILABLE");
    alarms.push({
      kind: "share_index_waits",
      ...from,
      text: `${named} waits for ${durationText(at - (since ?? at))}: ${code}`,
      todo: todoOfLack({why: "waits", code}),
    });
  }
  if (state !== "away") alarms.push(...clockAlarms(named, offsetMs).map((alarm) => ({...alarm, share_index})));
  return alarms;
}
