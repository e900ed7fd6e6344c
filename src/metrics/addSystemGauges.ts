import type {Registry} from "prom-client";
import type {ClusterStatus, RoleStatus, ShareIndexStatus, Status} from "../../schemas/status.js";
import {groupBy} from "../runtime/groupBy.js";
import {addCollected, type Collected, type Sample} from "./addCollected.js";

const ofCluster = {labelNames: ["cluster_id"]};
const ofShareIndex = ["cluster_id", "share_index"];
const ofRole = ["role", "participant"];

const gauges: readonly Collected[] = [
  {name: "dvt_exits_open", help: "Open exits", ...ofCluster},
  {name: "dvt_exits_oldest_opened_timestamp_seconds", help: "When the oldest open exit was opened", ...ofCluster},
  {name: "dvt_exits_not_taken", help: "Complete exits whose result not every requester has taken", ...ofCluster},
  {name: "dvt_cluster_threshold", help: "How many shares an exit needs", ...ofCluster},
  {name: "dvt_cluster_validators", help: "Validators of the cluster", ...ofCluster},
  {
    name: "dvt_share_index_state",
    help: "1 for the state that it is in, 0 for the others",
    labelNames: [...ofShareIndex, "state"],
  },
  {name: "dvt_share_index_since_timestamp_seconds", help: "Since when it is in its state", labelNames: ofShareIndex},
  {name: "dvt_share_index_last_seen_timestamp_seconds", help: "When it was seen last", labelNames: ofShareIndex},
  {name: "dvt_share_index_signed_exits", help: "Exits signed since its process started", labelNames: ofShareIndex},
  {
    name: "dvt_share_index_refused_exits",
    help: "Exits refused since its process started",
    labelNames: [...ofShareIndex, "code"],
  },
  {name: "dvt_share_index_waiting_exits", help: "Exits that it keeps waiting", labelNames: [...ofShareIndex, "code"]},
  {name: "dvt_role_here", help: "1 if a process of it is here, 0 if it is away", labelNames: ofRole},
  {name: "dvt_role_last_seen_timestamp_seconds", help: "When it was seen last", labelNames: ofRole},
  {name: "dvt_role_clock_offset_seconds", help: "Its clock minus the bus's", labelNames: ofRole},
  {name: "dvt_role_loop_delay_seconds", help: "The longest time that it stood still of late", labelNames: ofRole},
  {name: "dvt_role_oracles_info", help: "1, with the oracle set that it works with", labelNames: [...ofRole, "config_hash"]},
  {name: "dvt_dead_letters", help: "Dead letters that are stored"},
  {name: "dvt_dead_letters_last_hour", help: "Dead letters of the last hour"},
  {name: "dvt_results_owed", help: "Results whose completions are not published yet"},
  {name: "dvt_results_oldest_owed_timestamp_seconds", help: "When the oldest of them was stored"},
  {name: "dvt_oracles_checked_timestamp_seconds", help: "When the oracle set was last read from the chain"},
  {name: "dvt_keys_left", help: "Keys that a vault may still register", labelNames: ["vault"]},
];

/** Adds how the whole system is, as the relayer tells everybody who asks. */
export function addSystemGauges(registry: Registry, readStatus: () => Promise<Status>): void {
  addCollected(registry, gauges, {collect: async () => toSamples(await readStatus())});
}

const toSamples = (status: Status): Sample[] => [
  ...status.clusters.flatMap(clusterSamples),
  ...[...groupBy(status.roles, ({role, participant}) => `${role} ${participant}`).values()].flatMap(roleSamples),
  ...systemSamples(status),
];

function clusterSamples({cluster_id, exits, threshold, validators, share_indexes}: ClusterStatus): Sample[] {
  const labels = {cluster_id};
  return [
    {name: "dvt_exits_open", labels, value: exits.open},
    ...timeOf("dvt_exits_oldest_opened_timestamp_seconds", exits.oldest_opened_at, labels),
    {name: "dvt_exits_not_taken", labels, value: exits.not_taken},
    {name: "dvt_cluster_threshold", labels, value: threshold},
    {name: "dvt_cluster_validators", labels, value: validators},
    ...share_indexes.flatMap((it) => shareIndexSamples(it, {cluster_id, share_index: String(it.share_index)})),
  ];
}

const states: readonly ShareIndexStatus["state"][] = ["signs", "waits", "refuses", "away"];

function shareIndexSamples(index: ShareIndexStatus, labels: Readonly<Record<string, string>>): Sample[] {
  const {state, since, last_seen, signed, refused, waits} = index;
  const byCode = (name: string, counts: readonly {code: string; exits: number}[]): Sample[] =>
    counts.map(({code, exits}) => ({name, labels: {...labels, code}, value: exits}));
  return [
    ...states.map((it) => ({name: "dvt_share_index_state", labels: {...labels, state: it}, value: it === state ? 1 : 0})),
    ...timeOf("dvt_share_index_since_timestamp_seconds", since, labels),
    ...timeOf("dvt_share_index_last_seen_timestamp_seconds", last_seen, labels),
    {name: "dvt_share_index_signed_exits", labels, value: signed},
    ...byCode("dvt_share_index_refused_exits", refused),
    ...byCode("dvt_share_index_waiting_exits", waits),
  ];
}

/** Of the processes of one participant; those that are away say nothing more. */
function roleSamples(processes: readonly RoleStatus[]): Sample[] {
  const [{role, participant}] = processes as [RoleStatus];
  const labels = {role, participant};
  const here = processes.filter(({state}) => state === "here");
  const offsets = here.flatMap(({clock_offset_ms: ms}) => (ms === undefined ? [] : [ms]));
  const delays = here.flatMap(({loop_delay_ms: ms}) => (ms === undefined ? [] : [ms]));
  const sets = new Set(here.flatMap(({oracles_config_hash: hash}) => (hash === undefined ? [] : [hash])));
  return [
    {name: "dvt_role_here", labels, value: here.length > 0 ? 1 : 0},
    ...timeOf("dvt_role_last_seen_timestamp_seconds", Math.max(...processes.map(({last_seen}) => last_seen)), labels),
    ...farthest(offsets).map((ms) => ({name: "dvt_role_clock_offset_seconds", labels, value: ms / 1000})),
    ...farthest(delays).map((ms) => ({name: "dvt_role_loop_delay_seconds", labels, value: ms / 1000})),
    ...[...sets].map((config_hash) => ({name: "dvt_role_oracles_info", labels: {...labels, config_hash}, value: 1})),
  ];
}

/** The one value that is farthest from 0, if there is any. */
const farthest = (values: readonly number[]): number[] => values.toSorted((a, b) => Math.abs(b) - Math.abs(a)).slice(0, 1);

function systemSamples({dead_letters: letters, results_owed: owed, oracles, keys_left}: Status): Sample[] {
  return [
    ...(letters
      ? [
          {name: "dvt_dead_letters", value: letters.total},
          {name: "dvt_dead_letters_last_hour", value: letters.last_hour},
        ]
      : []),
    ...(owed ? [{name: "dvt_results_owed", value: owed.results}] : []),
    ...timeOf("dvt_results_oldest_owed_timestamp_seconds", owed?.oldest_since),
    ...timeOf("dvt_oracles_checked_timestamp_seconds", oracles?.checked_at),
    ...keys_left.map(({vault, keys}) => ({name: "dvt_keys_left", labels: {vault}, value: keys})),
  ];
}

const timeOf = (name: string, ms: number | undefined, labels: Readonly<Record<string, string>> = {}): Sample[] =>
  ms === undefined ? [] : [{name, labels, value: ms / 1000}];
