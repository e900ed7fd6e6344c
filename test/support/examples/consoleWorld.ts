import type {ExitLine, ExitStory, ExitsPage, Lack, ShareIndexStatus, Status} from "../../../schemas/status.js";
import type {StatusReader} from "../../../src/status/statusReader.js";
import {aClusterStatus, aMissing, aShareIndex, aStatus} from "./status.js";

const minute = 60_000;
type Latest = ShareIndexStatus["latest"];

const latestOf = (...parts: [Latest[number], number][]): Latest => parts.flatMap(([what, count]) => Array(count).fill(what));
export const aKey = (number: number): string => `0x${number.toString(16).padStart(4, "9").padEnd(92, "3f7ac1")}8e0c`.slice(0, 98);

/** A status with everything that a page can show: alpha waits for two share indexes, beta and gamma are well. */
export function aBusyStatus(at: number): Status {
  const signed = latestOf(["signed", 20]);
  return aStatus({
    at,
    alarms: [
      {
        kind: "exits_open_long",
        cluster_id: "alpha",
        since: at - 12 * minute,
        text: "5 exits wait: 2 of 3 shares",
        todo: "Ask the operators of share indexes 1 and 4.",
      },
      {
        kind: "share_index_waits",
        cluster_id: "alpha",
        share_index: 1,
        since: at - 13 * minute,
        text: "CONSENSUS_UNAVAILABLE: its beacon node does not answer",
        todo: "Check the beacon node of CONSENSUS_ENDPOINT.",
      },
      {kind: "dead_letters", since: at - 3 * minute, text: "2 dead letters within the last hour", todo: "dvt dead-letters list"},
    ],
    clusters: [
      aClusterStatus({
        cluster_id: "alpha",
        share_indexes: [
          aShareIndex(1, {
            state: "waits",
            since: at - 13 * minute,
            waits: [{code: "CONSENSUS_UNAVAILABLE", since: at - 13 * minute, exits: 5}],
            beacon: {state: "unavailable", since: at - 13 * minute},
            latest: latestOf(["waiting", 5], ["signed", 15]),
          }),
          aShareIndex(2, {latest: signed}),
          aShareIndex(3, {latest: latestOf(["signed", 8], ["refused", 1], ["signed", 11])}),
          aShareIndex(4, {state: "away", last_seen: at - 25 * minute, latest: latestOf(["silent", 9], ["signed", 11])}),
        ],
        exits: {
          open: 5,
          oldest_opened_at: at - 12 * minute,
          not_taken: 2,
          completed_today: 118,
          median_ms: 42,
          p95_ms: 113,
          per_minute: Array.from({length: 60}, (_, i) => (i > 30 ? Math.max(0, Math.round(9 * Math.sin(i / 3))) : 0)),
        },
        missing: [
          aMissing({
            first: [`hoodi:${aKey(1)}:1234567`],
            opened_at: at - 12 * minute,
            lacks: [
              {share_index: 1, why: "waits", code: "CONSENSUS_UNAVAILABLE", since: at - 13 * minute},
              {share_index: 4, why: "away", since: at - 25 * minute},
            ],
          }),
        ],
      }),
      aClusterStatus({
        cluster_id: "beta",
        threshold: 5,
        validators: 240,
        share_indexes: [1, 2, 3, 4, 5, 6, 7].map((it) => aShareIndex(it, {latest: signed})),
        exits: {open: 0, not_taken: 0, completed_today: 240, median_ms: 61, p95_ms: 140, per_minute: Array(60).fill(4)},
      }),
      aClusterStatus({
        cluster_id: "gamma",
        type: "ssv",
        threshold: 9,
        validators: 54,
        share_indexes: [11, 12, 17, 23, 29, 31, 37, 41, 53, 61, 67, 72, 88].map((it) =>
          aShareIndex(it, {latest: signed.slice(0, 12)}),
        ),
        exits: {open: 0, not_taken: 0, completed_today: 54, median_ms: 88, p95_ms: 260, per_minute: Array(60).fill(0)},
      }),
    ],
    roles: ["relayer", "relayer", "aggregator", "aggregator", "gateway"].map((role, position) => ({
      participant: role,
      role: role as "relayer",
      instance: `0a1b2c3${position}`,
      state: position === 3 ? "away" : "here",
      version: "0.1.0 (5387a93)",
      started_at: at - 3_000 * minute,
      last_seen: at - (position === 3 ? 20 * minute : 11_000),
      waits: [],
      clock_offset_ms: position * 7,
      loop_delay_ms: 3,
    })),
    oracles: {
      config_hash: `0x3fa1${"5c".repeat(29)}77`,
      oracles: 11,
      threshold: 6,
      source: "chain",
      since: at - 3 * 1440 * minute,
      checked_at: at - 40_000,
    },
    dead_letters: {total: 2, last_hour: 2, newest_at: at - 3 * minute},
    results_owed: {results: 0},
    keys_left: [{vault: `0x${"15639e82d2072fa510e5d2b5f0db361c823bcad3"}`, keys: 23}],
    streams: [
      {
        stream: "REQUESTS",
        messages: 118,
        bytes: 830_412,
        consumers: [{name: "relayer", waiting: 0, ack_pending: 0, redelivered: 0, connected: true}],
      },
      {
        stream: "EXIT_REQUESTS",
        messages: 412,
        bytes: 1_530_412,
        consumers: [
          {name: "sidecar-alpha-1", waiting: 0, ack_pending: 5, redelivered: 5, connected: true},
          {name: "sidecar-alpha-4", waiting: 14, ack_pending: 0, redelivered: 0, connected: false},
        ],
      },
    ],
  });
}

const openLacks = (at: number): Lack[] => [
  {share_index: 1, why: "waits", code: "CONSENSUS_UNAVAILABLE", since: at - 13 * minute},
  {share_index: 4, why: "away", since: at - 25 * minute},
];

export const anExitLine = (number: number, at: number, more: Partial<ExitLine> = {}): ExitLine => ({
  public_key: aKey(number),
  validator_index: 1_234_567 + number,
  cluster_id: "alpha",
  state: "open",
  opened_at: at - (12 * minute - number * 1000),
  issues: 2,
  has: [2, 3],
  needs: 3,
  lacks: openLacks(at),
  ...more,
});

export const aStory = (at: number, more: Partial<ExitStory> = {}): ExitStory => {
  const opened = at - 12 * minute;
  return {
    ...anExitLine(1, at),
    at,
    opened_at: opened,
    threshold: 3,
    share_indexes: [1, 2, 3, 4],
    requesters: [{operator_id: "acme", requested_at: opened - 20, order_id: `0x${"ab".repeat(32)}`}],
    issued_at: opened + 9,
    reissued_at: opened + 10 * minute,
    shares: [
      {share_index: 2, at: opened + 31},
      {share_index: 3, at: opened + 38},
    ],
    refusals: [],
    ...more,
  };
};

/** Answers from values made by hand, at any time. */
export function aReader(now: () => number, {open = 5}: {open?: number} = {}): StatusReader {
  const exits = async ({state, cursor, limit = 100}: {state?: string; cursor?: string; limit?: number}): Promise<ExitsPage> => {
    const [at, from] = [now(), Number(cursor ?? 0)];
    const count = state === "open" ? open : state === "complete" ? 40 : 0;
    const lines = Array.from({length: Math.max(0, Math.min(limit, count - from))}, (_, i) =>
      state === "open"
        ? anExitLine(from + i, at)
        : anExitLine(from + i, at, {
            state: "complete",
            completed_at: at - i * minute,
            opened_at: at - i * minute - 41,
            lacks: [],
            has: [1, 2, 3],
            is_taken: i > 1,
          }),
    );
    return {at, exits: lines, ...(from + limit < count && {cursor: String(from + limit)})};
  };
  return {
    status: async () => aBusyStatus(now()),
    exits,
    namedExits: async () => ({at: now(), exits: []}),
    exit: async ({public_key, validator_index}) => {
      if (public_key !== aKey(1) && validator_index !== 7) return undefined;
      const at = now();
      if (validator_index !== 7) return aStory(at);
      const opened = at - 30 * minute;
      return aStory(at, {
        state: "complete",
        validator_index: 7,
        opened_at: opened,
        issued_at: opened + 8,
        lacks: [],
        has: [1, 2, 3],
        shares: [1, 3, 4].map((share_index, i) => ({share_index, at: opened + 22 + 9 * i})),
        refusals: [
          {share_index: 2, at: opened + 25, code: "KEY_UNKNOWN", reason: "this sidecar has no key share of this validator"},
        ],
        threshold_at: opened + 40,
        completed_at: opened + 44,
        published_at: opened + 46,
        requesters: [{operator_id: "acme", requested_at: opened, order_id: `0x${"ab".repeat(32)}`, taken_at: opened + 4200}],
        oracles_config_hash: `0x3fa1${"5c".repeat(29)}77`,
      });
    },
    deadLetters: async () => ({
      at: now(),
      letters: [1, 2].map((seq) => ({
        at: now() - seq * 3 * minute,
        seq,
        stream: "EXIT_SHARES",
        participant: "sidecar-alpha-3",
        code: "SHARE_SIGNATURE_INVALID",
        reason: "the share does not verify under the public key share of this cluster definition",
        exit: `hoodi:${aKey(seq)}:1234568`,
        count: seq,
        todo: "Compare the cluster definition of this sidecar with the relayer's, then retry it.",
      })),
    }),
  };
}
