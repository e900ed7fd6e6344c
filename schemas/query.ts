import {type Static, type TSchema, Type} from "typebox";
import {defineDirect} from "./defineMessage.js";
import {Id, Network, patterns, ValidatorIndex} from "./fields.js";
import {exitPart, many} from "./heads.js";

/** The states of an exit, as every command, page and metric names them. */
export const exitStates = ["open", "complete", "rejected", "superseded", "expired"] as const;
export const ExitState = Type.Enum([...exitStates]);
export type ExitState = Static<typeof ExitState>;

/** The most exits or dead letters in one answer. */
export const maxPageSize = 200;

/** Where a page ended: the next one begins after it. Whoever asks sends it back as it came. */
const Cursor = Type.String({pattern: "^[A-Za-z0-9:._-]{1,256}$"});

/** A key, or its first characters. */
const KeyPrefix = Type.String({pattern: "^0x[0-9a-fA-F]{0,96}$"});

const ask = <K extends string, P extends Record<string, TSchema>>(kind: K, fields: P) =>
  Type.Object({kind: Type.Literal(kind), ...fields}, {additionalProperties: false});

/** What may be asked of the relayer. */
export const Question = Type.Union([
  ask("status", {cluster_id: Type.Optional(Id)}),
  ask("exits", {
    state: ExitState,
    cluster_id: Type.Optional(Id),
    public_key: Type.Optional(KeyPrefix),
    /** Only exits that were asked for at least this long ago, in milliseconds. */
    older_than_ms: Type.Optional(Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER})),
    cursor: Type.Optional(Cursor),
    limit: Type.Optional(Type.Integer({minimum: 1, maximum: maxPageSize})),
  }),
  ask("named_exits", {exits: many(Type.Object(exitPart, {additionalProperties: false}))}),
  ask("exit", {public_key: Type.String({pattern: patterns.publicKey}), validator_index: Type.Optional(ValidatorIndex)}),
  ask("dead_letters", {cursor: Type.Optional(Cursor), limit: Type.Optional(Type.Integer({minimum: 1, maximum: maxPageSize}))}),
]);
export type Question = Static<typeof Question>;

/** A question of an administrator, a viewer or an operator to the relayer. */
export const Query = Type.Object(
  {
    network: Network,
    /** admin, viewer-<id> or operator-<operator_id> */
    participant: Type.String({pattern: "^[a-z0-9_-]{1,96}$"}),
    /** Random: the answer names the SHA-256 of the query, so an answer to another one is never taken for it. */
    nonce: Type.String({pattern: "^[0-9a-f]{32}$"}),
    question: Question,
  },
  {$id: "dvt.v2.query", additionalProperties: false},
);
export type Query = Static<typeof Query>;

export const query = defineDirect({
  name: "query",
  schema: Query,
  maxBytes: 16 * 1024,
  subject: ({network, participant}) => `dvt.v2.queries.${network}.${participant}`,
});
