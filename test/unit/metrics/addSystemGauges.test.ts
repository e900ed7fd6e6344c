import {expect, it} from "vitest";
import type {RoleStatus, Status} from "../../../schemas/status.js";
import {addSystemGauges} from "../../../src/metrics/addSystemGauges.js";
import {aRegistry} from "../../support/aRegistry.js";
import {aClusterStatus, aShareIndex, aStatus} from "../../support/examples/status.js";

const aRole = (more: Partial<RoleStatus> = {}): RoleStatus => ({
  participant: "aggregator",
  role: "aggregator",
  instance: "01234567",
  state: "here",
  version: "0.1.0",
  started_at: 1000,
  last_seen: 7000,
  waits: [],
  ...more,
});

async function linesOf(status: Partial<Status>): Promise<string[]> {
  const {registry, lines} = aRegistry();
  addSystemGauges(registry, async () => aStatus({clusters: [], ...status}));
  return lines();
}

it("shows the exits of each cluster", async () => {
  const exits = {open: 5, oldest_opened_at: 90_500, not_taken: 2, completed_today: 7, per_minute: []};
  expect(await linesOf({clusters: [aClusterStatus({exits, share_indexes: []})]})).toEqual([
    'dvt_exits_open{cluster_id="alpha"} 5',
    'dvt_exits_oldest_opened_timestamp_seconds{cluster_id="alpha"} 90.5',
    'dvt_exits_not_taken{cluster_id="alpha"} 2',
    'dvt_cluster_threshold{cluster_id="alpha"} 3',
    'dvt_cluster_validators{cluster_id="alpha"} 118',
  ]);
});

it("shows the state of each share index, what it refused and what it keeps waiting, by code", async () => {
  const waits = {
    state: "waits",
    since: 60_000,
    last_seen: 61_000,
    signed: 9,
    refused: [{code: "INDEX_LIMIT", exits: 4}],
    waits: [{code: "CONSENSUS_UNAVAILABLE", since: 60_000, exits: 3}],
  } as const;
  const index = aShareIndex(2, {...waits, refused: [...waits.refused], waits: [...waits.waits]});
  const lines = await linesOf({clusters: [aClusterStatus({share_indexes: [index]})]});
  const labels = 'cluster_id="alpha",share_index="2"';
  expect(lines.filter((line) => line.startsWith("dvt_share_index"))).toEqual([
    `dvt_share_index_state{${labels},state="signs"} 0`,
    `dvt_share_index_state{${labels},state="waits"} 1`,
    `dvt_share_index_state{${labels},state="refuses"} 0`,
    `dvt_share_index_state{${labels},state="away"} 0`,
    `dvt_share_index_since_timestamp_seconds{${labels}} 60`,
    `dvt_share_index_last_seen_timestamp_seconds{${labels}} 61`,
    `dvt_share_index_signed_exits{${labels}} 9`,
    `dvt_share_index_refused_exits{${labels},code="INDEX_LIMIT"} 4`,
    `dvt_share_index_waiting_exits{${labels},code="CONSENSUS_UNAVAILABLE"} 3`,
  ]);
});

it("shows a participant of several processes once: here if one is, and the worst of those that are", async () => {
  const hash = `0x${"1".repeat(64)}`;
  const roles = [
    aRole({state: "here", clock_offset_ms: 200, loop_delay_ms: 40, oracles_config_hash: hash}),
    aRole({state: "here", clock_offset_ms: -1500, loop_delay_ms: 20, oracles_config_hash: hash, last_seen: 8000}),
    aRole({state: "away", clock_offset_ms: 9000, loop_delay_ms: 9000, oracles_config_hash: `0x${"2".repeat(64)}`}),
    aRole({role: "relayer", participant: "relayer", state: "away", clock_offset_ms: 9000}),
  ];
  const labels = 'role="aggregator",participant="aggregator"';
  expect(await linesOf({roles})).toEqual([
    `dvt_role_here{${labels}} 1`,
    'dvt_role_here{role="relayer",participant="relayer"} 0',
    `dvt_role_last_seen_timestamp_seconds{${labels}} 8`,
    'dvt_role_last_seen_timestamp_seconds{role="relayer",participant="relayer"} 7',
    `dvt_role_clock_offset_seconds{${labels}} -1.5`,
    `dvt_role_loop_delay_seconds{${labels}} 0.04`,
    `dvt_role_oracles_info{${labels},config_hash="${hash}"} 1`,
  ]);
});

it("shows dead letters, results owed, the oracle set's age and the keys left", async () => {
  const oracles = {
    config_hash: `0x${"1".repeat(64)}`,
    oracles: 11,
    threshold: 6,
    source: "chain",
    since: 1,
    checked_at: 3000,
  } as const;
  const vault = `0x${"a".repeat(40)}`;
  const status = {
    dead_letters: {total: 12, last_hour: 3},
    results_owed: {results: 2, oldest_since: 4000},
    oracles,
    keys_left: [{vault, keys: 7}],
  };
  expect(await linesOf(status)).toEqual([
    "dvt_dead_letters 12",
    "dvt_dead_letters_last_hour 3",
    "dvt_results_owed 2",
    "dvt_results_oldest_owed_timestamp_seconds 4",
    "dvt_oracles_checked_timestamp_seconds 3",
    `dvt_keys_left{vault="${vault}"} 7`,
  ]);
});

it("shows nothing of what is not known", async () => {
  expect(await linesOf({})).toEqual([]);
});
