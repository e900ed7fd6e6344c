import {type Static, type TSchema, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {
  Bytes32,
  Id,
  Network,
  ParticipantName,
  patterns,
  RejectionCode,
  ShareIndex,
  SoftwareVersion,
  TimestampMs,
} from "./fields.js";
import {ServerState, Wait} from "./status.js";

/** The most codes that a presence lists, of each kind, and the most vaults. */
export const mostCodes = 16;
export const mostVaults = 32;

const object = <P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, {additionalProperties: false});
const few = <S extends TSchema>(schema: S, maxItems = mostCodes) => Type.Array(schema, {maxItems});
const Count = Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER});

/** What a process says about itself as one participant. It holds no key, signature, path or endpoint. */
export const Presence = Type.Object(
  {
    network: Network,
    participant: ParticipantName,
    instance: Type.String({pattern: "^[0-9a-f]{8}$", description: "chosen by the process at its start"}),
    role: Type.Enum(["relayer", "sidecar", "aggregator", "gateway"]),
    cluster_id: Type.Optional(Id),
    share_index: Type.Optional(ShareIndex),
    version: SoftwareVersion,
    started_at: TimestampMs,
    said_at: TimestampMs,
    state: Type.Enum(["runs", "stops"]),
    key_shares: Type.Optional(Count),
    signed: Type.Optional(object({count: Count, last_at: Type.Optional(TimestampMs)})),
    refused: few(object({code: RejectionCode, count: Count})),
    waits: few(Wait),
    beacon: Type.Optional(ServerState),
    signer: Type.Optional(ServerState),
    oracles: Type.Optional(object({config_hash: Bytes32, since: TimestampMs, source: Type.Enum(["file", "chain"])})),
    keys_left: Type.Optional(few(object({vault: Type.String({pattern: patterns.address}), keys: Count}), mostVaults)),
    asked_at: Type.Optional(TimestampMs),
    clock_offset_ms: Type.Optional(Type.Integer({minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER})),
    loop_delay_ms: Count,
  },
  {$id: "dvt.v2.presence", additionalProperties: false},
);
export type Presence = Static<typeof Presence>;

export const presence = defineMessage({
  name: "presence",
  schema: Presence,
  stream: "PRESENCE",
  maxBytes: 7 * 1024,
  subject: ({network, participant}) => `dvt.v2.presence.${network}.${participant}`,
});
