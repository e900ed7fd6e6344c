import {expect, it} from "vitest";
import type {Lack, RoleStatus, Status} from "../../../schemas/status.js";
import {alarmsOf} from "../../../src/status/alarms.js";
import {todoOfLack} from "../../../src/status/todoOfLack.js";
import {aClusterStatus, aMissing, aShareIndex, at} from "../../support/examples/status.js";

const minute = 60_000;
const hash = (digit: string): string => `0x${digit.repeat(64)}`;

const aRole = (more: Partial<RoleStatus> = {}): RoleStatus => ({
  participant: "aggregator",
  role: "aggregator",
  instance: "0a1b2c3d",
  state: "here",
  version: "0.1.0",
  started_at: at - 3_600_000,
  last_seen: at - 1000,
  waits: [],
  ...more,
});
const allWell = {open: 0, not_taken: 0, completed_today: 3, per_minute: []};
const aCluster = (more: Partial<Status["clusters"][number]> = {}) =>
  aClusterStatus({share_indexes: [1, 2, 3, 4].map((it) => aShareIndex(it)), threshold: 3, exits: allWell, missing: [], ...more});
const wellStatus = (more: Partial<Status> = {}): Status => ({
  network: "hoodi",
  at,
  alarms: [],
  clusters: [aCluster()],
  roles: [aRole(), aRole({participant: "relayer", role: "relayer"})],
  oracles: {config_hash: hash("a"), oracles: 5, threshold: 3, source: "chain", since: at - 60 * minute, checked_at: at - minute},
  dead_letters: {total: 3, last_hour: 0, newest_at: at - 90 * minute},
  results_owed: {results: 0},
  keys_left: [],
  streams: [],
  ...more,
});
const away = (shareIndex: number, minutes: number) =>
  aShareIndex(shareIndex, {state: "away", since: at - minutes * minute, last_seen: at - minutes * minute});
const withIndexes = (...indexes: ReturnType<typeof aShareIndex>[]): Partial<Status> => ({
  clusters: [aCluster({share_indexes: [...indexes, ...[1, 2, 3, 4].slice(indexes.length).map((it) => aShareIndex(it))]})],
});
const openFor = (minutes: number): Partial<Status> => ({
  clusters: [aCluster({exits: {...allWell, open: 5, oldest_opened_at: at - minutes * minute}, missing: [aMissing()]})],
});

it.each([
  {id: "all is well", more: {}, kinds: []},
  {id: "a share index restarts", more: withIndexes(away(1, 4)), kinds: []},
  {id: "a share index is away", more: withIndexes(away(1, 6)), kinds: ["share_index_away"]},
  {id: "a share index was never seen", more: withIndexes({...aShareIndex(1), state: "away"}), kinds: ["share_index_away"]},
  {
    id: "too many are away",
    more: withIndexes(away(1, 6), away(2, 6)),
    kinds: ["below_threshold", "share_index_away", "share_index_away"],
  },
  {
    id: "a share index waits",
    more: withIndexes(
      aShareIndex(1, {
        state: "waits",
        since: at - 6 * minute,
        waits: [{code: "CONSENSUS_UNAVAILABLE", since: at - 6 * minute, exits: 1}],
      }),
    ),
    kinds: ["share_index_waits"],
  },
  {id: "exits are open for a moment", more: openFor(9), kinds: []},
  {id: "exits are open for long", more: openFor(11), kinds: ["exits_open_long"]},
  {id: "a clock is wrong", more: withIndexes(aShareIndex(1, {clock_offset_ms: -31_000})), kinds: ["clock_off"]},
  {id: "no aggregator was ever seen", more: {roles: [aRole({role: "relayer", participant: "relayer"})]}, kinds: ["role_away"]},
  {id: "the aggregator is away", more: {roles: [aRole({state: "away", last_seen: at - 6 * minute})]}, kinds: ["role_away"]},
  {
    id: "one of two aggregators is away",
    more: {roles: [aRole(), aRole({instance: "11111111", state: "away", last_seen: at - 6 * minute})]},
    kinds: [],
  },
  {id: "a role stood still", more: {roles: [aRole({loop_delay_ms: 2500})]}, kinds: ["loop_slow"]},
  {
    id: "a role has another oracle set",
    more: {roles: [aRole({oracles_config_hash: hash("b"), oracles_since: at - 20 * minute})]},
    kinds: ["oracles_differ"],
  },
  {
    id: "a role has just changed its oracle set",
    more: {roles: [aRole({oracles_config_hash: hash("b"), oracles_since: at - minute})]},
    kinds: [],
  },
  {
    id: "the oracle set is old",
    more: {
      oracles: {
        config_hash: hash("a"),
        oracles: 5,
        threshold: 3,
        source: "chain" as const,
        since: 0,
        checked_at: at - 7 * 60 * minute,
      },
    },
    kinds: ["oracles_old"],
  },
  {id: "dead letters come", more: {dead_letters: {total: 3, last_hour: 1, newest_at: at}}, kinds: ["dead_letters"]},
  {id: "results are owed", more: {results_owed: {results: 2, oldest_since: at - 6 * minute}}, kinds: ["results_owed"]},
  {id: "few keys are left", more: {keys_left: [{vault: `0x${"a1".repeat(20)}`, keys: 9}]}, kinds: ["keys_low"]},
])("has what needs attention when $id", ({more, kinds}) => {
  const alarms = alarmsOf(wellStatus(more));
  expect(alarms.map(({kind}) => kind)).toEqual(kinds);
  for (const {text, todo} of alarms) {
    expect(text).not.toMatch(/undefined|NaN/);
    expect(todo).toMatch(/[.?]$/);
  }
});

const away4: Lack = {share_index: 4, why: "away", since: at};
const waiting = (shareIndex: number, code = "RATE_LIMITED"): Lack => ({share_index: shareIndex, why: "waits", code, since: at});
const refusing = (shareIndex: number, code = "INDEX_LIMIT"): Lack => ({share_index: shareIndex, why: "refused", code, since: at});

it.each([
  {
    id: "those that wait for one thing",
    lacks: [away4, waiting(1), refusing(5), waiting(2), waiting(3, "SIGNER_UNAVAILABLE")],
    todo: `Share index 1, 2 waits, RATE_LIMITED: ${todoOfLack(waiting(1))}`,
  },
  {id: "those that are away", lacks: [refusing(1), away4], todo: `Share index 4 is away: ${todoOfLack(away4)}`},
  {
    id: "those that refuse for one reason",
    lacks: [refusing(1), refusing(2), refusing(3, "VALIDATOR_ACTIVE")],
    todo: `Share index 1, 2 refuses, INDEX_LIMIT: ${todoOfLack(refusing(1))}`,
  },
  {id: "all", lacks: [{share_index: 1, why: "asked", since: at} as Lack], todo: expect.stringContaining("All sidecars are here")},
])("says of exits that are open for long what $id need", ({lacks, todo}) => {
  const exits = {...allWell, open: 5, oldest_opened_at: at - 11 * minute};
  const cluster = aCluster({exits, missing: [aMissing({lacks})]});
  expect(alarmsOf(wellStatus({clusters: [cluster]}))).toMatchObject([{kind: "exits_open_long", todo}]);
});
