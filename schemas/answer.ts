import {type Static, type TSchema, Type} from "typebox";
import {defineDirect} from "./defineMessage.js";
import {Bytes32, Network, Sentence} from "./fields.js";
import {DeadLettersPage, ExitStory, ExitsPage, Status} from "./status.js";

const kind = <K extends string, P extends Record<string, TSchema>>(name: K, fields: P) =>
  Type.Object({kind: Type.Literal(name), ...fields}, {additionalProperties: false});

/** What the relayer says to a question, or why it says nothing. */
export const Reply = Type.Union([
  kind("status", {status: Status}),
  kind("exits", {page: ExitsPage}),
  /** Without `exit` if it was never asked for, or whoever asks may not see it. */
  kind("exit", {exit: Type.Optional(ExitStory)}),
  kind("dead_letters", {page: DeadLettersPage}),
  kind("problem", {code: Type.String({pattern: "^[A-Z_]{1,64}$"}), reason: Sentence}),
]);
export type Reply = Static<typeof Reply>;

/** The relayer's answer to one query. */
export const Answer = Type.Object(
  {
    network: Network,
    /** Who asked. */
    participant: Type.String({pattern: "^[a-z0-9_-]{1,96}$"}),
    /** SHA-256 of the query that it answers. */
    query: Bytes32,
    reply: Reply,
  },
  {$id: "dvt.v2.answer", additionalProperties: false},
);
export type Answer = Static<typeof Answer>;

/** It goes to the inbox of whoever asked, and is signed as if on this subject. */
export const answerSubject = ({network, participant}: Pick<Answer, "network" | "participant">): string =>
  `dvt.v2.answers.${network}.${participant}`;

export const answer = defineDirect({
  name: "answer",
  schema: Answer,
  /** With its headers it still fits into the largest message of a NATS server, 1 MiB. */
  maxBytes: 1_040_000,
  subject: answerSubject,
});
