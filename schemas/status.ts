import {type Static, type TSchema, Type} from "typebox";
import {Deposit} from "./deposit.js";
import {BlsPubkey, Bytes32, Id, Network, Sentence, ShareIndex, ShortSentence, TimestampMs, ValidatorIndex} from "./fields.js";
import {ExitState} from "./query.js";

const object = <P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, {additionalProperties: false});
const optional = Type.Optional;
const Code = Type.String({pattern: "^[A-Z_]{1,64}$"});
const Participant = Type.String({pattern: "^[a-z0-9_-]{1,96}$"});
const Count = Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER});
/** A duration in milliseconds. */
const Ms = Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER});

/** What keeps entries waiting, since when, and how many. */
export const Wait = object({code: Code, since: TimestampMs, exits: Count});
export type Wait = Static<typeof Wait>;

/** Why a share is missing: the sidecar refused, is away, waits for something, or was asked and has said nothing yet. */
export const Lack = object({
  share_index: ShareIndex,
  why: Type.Enum(["refused", "away", "waits", "asked"]),
  code: optional(Code),
  since: optional(TimestampMs),
});
export type Lack = Static<typeof Lack>;

/** What a share index does, from its presence: signs, waits, refuses, or away. */
export const ShareIndexState = Type.Enum(["signs", "waits", "refuses", "away"]);
export type ShareIndexState = Static<typeof ShareIndexState>;

/** A server that a role depends on. */
export const ServerState = object({state: Type.Enum(["ok", "unavailable", "syncing"]), since: TimestampMs});

/** One share index of a cluster. */
export const ShareIndexStatus = object({
  share_index: ShareIndex,
  state: ShareIndexState,
  /** Since when it is in this state. */
  since: optional(TimestampMs),
  /** Absent if it was never seen. */
  last_seen: optional(TimestampMs),
  last_signed: optional(TimestampMs),
  /** Since its process started. */
  signed: Count,
  refused: Type.Array(object({code: Code, exits: Count})),
  waits: Type.Array(Wait),
  key_shares: optional(Count),
  version: optional(ShortSentence),
  beacon: optional(ServerState),
  signer: optional(ServerState),
  /** Its clock minus the bus's. */
  clock_offset_ms: optional(Type.Integer({minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER})),
  /** What it did with the latest exits of the cluster, newest first. */
  latest: Type.Array(Type.Enum(["signed", "refused", "waiting", "silent"]), {maxItems: 20}),
});
export type ShareIndexStatus = Static<typeof ShareIndexStatus>;

/** Open exits that lack the same shares for the same reasons. */
export const Missing = object({
  exits: Count,
  /** network:public_key:validator_index of the oldest three. */
  first: Type.Array(Type.String({maxLength: 160}), {maxItems: 3}),
  opened_at: TimestampMs,
  has: Type.Array(ShareIndex),
  needs: Count,
  lacks: Type.Array(Lack),
});
export type Missing = Static<typeof Missing>;

/** One cluster, its share indexes and its exits. */
export const ClusterStatus = object({
  cluster_id: Id,
  type: Type.Enum(["obol", "ssv"]),
  threshold: Count,
  validators: Count,
  share_indexes: Type.Array(ShareIndexStatus),
  exits: object({
    open: Count,
    oldest_opened_at: optional(TimestampMs),
    /** Complete, but not every requester has taken the result. */
    not_taken: Count,
    completed_today: Count,
    /** From request to completion, of the latest exits, at most 1,000 of the last hour. */
    median_ms: optional(Ms),
    p95_ms: optional(Ms),
    /** Completed in each of the last 60 minutes, the oldest first. */
    per_minute: Type.Array(Count, {maxItems: 60}),
  }),
  /** The oldest first. At most the 1,000 oldest open exits are looked at. */
  missing: Type.Array(Missing),
  /** Open exits that are in none of these groups, because there are too many. */
  beyond: optional(Count),
});
export type ClusterStatus = Static<typeof ClusterStatus>;

/** One process of a role. */
export const RoleStatus = object({
  participant: Participant,
  role: Type.Enum(["relayer", "sidecar", "aggregator", "gateway", "console"]),
  instance: Type.String({pattern: "^[0-9a-f]{8}$"}),
  state: Type.Enum(["here", "away"]),
  version: ShortSentence,
  started_at: TimestampMs,
  last_seen: TimestampMs,
  waits: Type.Array(Wait),
  oracles_config_hash: optional(Bytes32),
  /** Since when it works with this oracle set. */
  oracles_since: optional(TimestampMs),
  clock_offset_ms: optional(Type.Integer({minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER})),
  loop_delay_ms: optional(Ms),
});
export type RoleStatus = Static<typeof RoleStatus>;

/** The oracle set that the relayer works with. */
export const OraclesStatus = object({
  config_hash: Bytes32,
  oracles: Count,
  threshold: Count,
  source: Type.Enum(["file", "chain"]),
  /** Since when this relayer works with it. */
  since: TimestampMs,
  /** When the chain was last read with success; absent for a file. */
  checked_at: optional(TimestampMs),
});

/** A stream, and the consumers on which something waits. */
export const StreamStatus = object({
  stream: Type.String({pattern: "^[A-Z_]{1,32}$"}),
  messages: Count,
  bytes: Count,
  consumers: Type.Array(
    object({
      name: Type.String({maxLength: 160}),
      waiting: Count,
      ack_pending: Count,
      redelivered: Count,
      connected: Type.Boolean(),
    }),
  ),
});

/** Something that needs attention. */
export const Alarm = object({
  kind: Type.Enum([
    "exits_open_long",
    "below_threshold",
    "share_index_away",
    "share_index_waits",
    "role_away",
    "dead_letters",
    "results_owed",
    "oracles_differ",
    "oracles_old",
    "keys_low",
    "clock_off",
    "loop_slow",
  ]),
  cluster_id: optional(Id),
  share_index: optional(ShareIndex),
  since: optional(TimestampMs),
  text: Sentence,
  /** What to do. */
  todo: Sentence,
});
export type Alarm = Static<typeof Alarm>;

/** Everything that whoever asks may see. */
export const Status = object({
  network: Network,
  /** When it was read. */
  at: TimestampMs,
  alarms: Type.Array(Alarm),
  clusters: Type.Array(ClusterStatus),
  /** The rest is for the administrator and viewers; operators see the roles that they depend on, and the oracle set. */
  roles: Type.Array(RoleStatus),
  oracles: optional(OraclesStatus),
  dead_letters: optional(object({total: Count, last_hour: Count, newest_at: optional(TimestampMs)})),
  results_owed: optional(object({results: Count, oldest_since: optional(TimestampMs)})),
  keys_left: Type.Array(object({vault: Type.String({pattern: "^0x[0-9a-f]{40}$"}), keys: Count})),
  streams: Type.Array(StreamStatus),
  /** It did not fit into a message, and lists were cut. */
  cut: optional(Type.Literal(true)),
});
export type Status = Static<typeof Status>;

const exitLine = {
  public_key: BlsPubkey,
  validator_index: ValidatorIndex,
  cluster_id: Id,
  state: ExitState,
  /** When it was asked for, or opened again. */
  opened_at: TimestampMs,
  /** How often the sidecars were asked. */
  issues: optional(Count),
  completed_at: optional(TimestampMs),
  /** Every requester has taken the result. */
  is_taken: optional(Type.Boolean()),
  has: Type.Array(ShareIndex),
  needs: Count,
  lacks: Type.Array(Lack),
};

/** An exit in a list. */
export const ExitLine = object(exitLine);
export type ExitLine = Static<typeof ExitLine>;

/** A page of exits; `cursor` if there are more. */
export const ExitsPage = object({at: TimestampMs, exits: Type.Array(ExitLine), cursor: optional(Type.String({maxLength: 256}))});
export type ExitsPage = Static<typeof ExitsPage>;

/** The life of one exit. */
export const ExitStory = object({
  ...exitLine,
  at: TimestampMs,
  threshold: Count,
  share_indexes: Type.Array(ShareIndex),
  requesters: Type.Array(
    object({operator_id: Id, requested_at: TimestampMs, order_id: Bytes32, taken_at: optional(TimestampMs)}),
  ),
  issued_at: optional(TimestampMs),
  reissued_at: optional(TimestampMs),
  shares: Type.Array(object({share_index: ShareIndex, at: TimestampMs})),
  refusals: Type.Array(object({share_index: ShareIndex, at: optional(TimestampMs), code: Code, reason: ShortSentence})),
  /** When the last share came that was needed. */
  threshold_at: optional(TimestampMs),
  published_at: optional(TimestampMs),
  oracles_config_hash: optional(Bytes32),
  superseded_by: optional(ValidatorIndex),
  superseded_at: optional(TimestampMs),
  deposit: optional(object({...Deposit.properties, is_signed: Type.Boolean()})),
});
export type ExitStory = Static<typeof ExitStory>;

/** A dead letter, and what to do about it. */
export const DeadLetterLine = object({
  at: TimestampMs,
  seq: Count,
  stream: Type.String({maxLength: 32}),
  participant: Participant,
  code: Code,
  reason: Sentence,
  exit: optional(Type.String({maxLength: 160})),
  count: Count,
  todo: Sentence,
});
export type DeadLetterLine = Static<typeof DeadLetterLine>;

export const DeadLettersPage = object({
  at: TimestampMs,
  letters: Type.Array(DeadLetterLine),
  cursor: optional(Type.String({maxLength: 256})),
});
export type DeadLettersPage = Static<typeof DeadLettersPage>;
