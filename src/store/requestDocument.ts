import {type Static, Type} from "typebox";
import type {Deposit} from "../../schemas/deposit.js";
import {Network, TimestampMs, ValidatorIndex} from "../../schemas/fields.js";
import {type ExitId, validatorKeyOf} from "../exits/exitId.js";
import {type AskedDeposit, AskedDocument, type Requesters, type ToRequesters, toAsked, toAskedDocument} from "./askedDeposit.js";
import {storedFields} from "./storedFields.js";

/** An exit of the key that a later index superseded. */
const PreviousExit = Type.Object(
  {validator_index: ValidatorIndex, opened_at: TimestampMs, superseded_at: TimestampMs},
  {additionalProperties: false},
);
const mostPrevious = 4;

/** The current exit of a validator key and its requesters, written by the relayer only. */
export const RequestDocument = Type.Object(
  {
    /** network:public_key */
    _id: Type.String(),
    network: Network,
    public_key: storedFields.publicKey,
    cluster_id: storedFields.clusterId,
    validator_index: ValidatorIndex,
    requested_at: TimestampMs,
    operators: storedFields.operators,
    /**
     * open: requested, and its result or the signature of its deposit is missing. answered: both are known. expired: no result
     * came within EXIT_LIFETIME.
     */
    state: Type.Enum(["open", "answered", "expired"]),
    /** When it was asked for, or reopened: EXIT_LIFETIME counts from here. */
    opened_at: TimestampMs,
    /** When sidecars were asked for it, first and last, since then; missing in documents older than these fields. */
    issued_at: Type.Optional(TimestampMs),
    reissued_at: Type.Optional(TimestampMs),
    /** When each operator said that it has the result. */
    taken: Type.Optional(storedFields.timeOfOperators),
    /** The exits that were current before, the latest last. */
    previous: Type.Optional(Type.Array(PreviousExit, {minItems: 1, maxItems: mostPrevious})),
    /** That of the last of them. */
    superseded_at: Type.Optional(TimestampMs),
    /** When to issue it again if it is still open, and how often it was issued. */
    due_at: TimestampMs,
    issues: Type.Integer({minimum: 1, maximum: 1_000_000}),
    /** The deposit to sign with this exit. */
    deposit: Type.Optional(AskedDocument),
    /** oracles_config_hash of the result that completed it; missing in documents older than this field. */
    answered_for: Type.Optional(storedFields.bytes32),
    /** The network has the validator: its exit stays answered for the oracle set in answered_for. */
    registered: Type.Optional(Type.Literal(true)),
  },
  {additionalProperties: false},
);
export type RequestDocument = Static<typeof RequestDocument>;
export type RequestState = RequestDocument["state"];

/** A request of one operator for an exit. */
export type Ask = {
  exit: ExitId;
  clusterId: string;
  operatorId: string;
  requestedAt: number;
  /** The order that has it. */
  orderId: string;
  deposit?: Deposit | undefined;
};

/** An exit that a later index of its key superseded. */
export type SupersededExit = {readonly validatorIndex: number; readonly openedAt: number; readonly supersededAt: number};

export type StoredRequest = {
  validatorIndex: number;
  requestedAt: number;
  requesters: Requesters;
  state: RequestState;
  publicKey: string;
  clusterId: string;
  openedAt: number;
  /** When sidecars were asked for it, first and last, since it was opened, if known. */
  issuedAt: number | undefined;
  reissuedAt: number | undefined;
  /** By operator id, when it said that it has the result. */
  taken: ReadonlyMap<string, number>;
  /** The exits of the key that were current before, the latest last. */
  previous: readonly SupersededExit[];
  dueAt: number;
  issues: number;
  deposit: AskedDeposit | undefined;
  /** The oracles_config_hash of the result that completed it, if known. */
  answeredFor: string | undefined;
};

const toSuperseded = ({validator_index, opened_at, superseded_at}: Static<typeof PreviousExit>): SupersededExit => ({
  validatorIndex: validator_index,
  openedAt: opened_at,
  supersededAt: superseded_at,
});

/** The fields of the document that name what was current before, when another index becomes current. */
export const toPrevious = (head: RequestDocument, now: number): Pick<RequestDocument, "previous" | "superseded_at"> => {
  const last = {validator_index: head.validator_index, opened_at: head.opened_at, superseded_at: now};
  return {previous: [...(head.previous ?? []), last].slice(-mostPrevious), superseded_at: now};
};

export const toStoredRequest = (document: RequestDocument, toRequesters: ToRequesters): StoredRequest => ({
  validatorIndex: document.validator_index,
  requestedAt: document.requested_at,
  requesters: toRequesters(document.operators),
  state: document.state,
  publicKey: document.public_key,
  clusterId: document.cluster_id,
  openedAt: document.opened_at,
  issuedAt: document.issued_at,
  reissuedAt: document.reissued_at,
  taken: new Map(Object.entries(document.taken ?? {})),
  previous: (document.previous ?? []).map(toSuperseded),
  dueAt: document.due_at,
  issues: document.issues,
  deposit: toAsked(document.deposit, toRequesters),
  answeredFor: document.answered_for,
});

/** The fields that an exit does not have yet when sidecars are asked for it anew. */
export const notYet = {reissued_at: "", taken: ""} as const;

/** The update that opens an exit again: sidecars are asked for it as if for the first time. */
export const toReopened = ({now, dueAt, openedAt}: {now: number; dueAt: number; openedAt: number}) => ({
  $set: {state: "open" as const, opened_at: openedAt, issued_at: now, due_at: dueAt, issues: 1},
  $unset: notYet,
});

/** The document of an exit that is requested for the first time. */
export const toDocument = (ask: Ask, now: number, reissueAfterMs: number): RequestDocument => {
  const {exit, clusterId, operatorId, requestedAt, orderId} = ask;
  const deposit = toAskedDocument(ask);
  return {
    _id: validatorKeyOf(exit),
    network: exit.network.name,
    public_key: exit.publicKey,
    cluster_id: clusterId,
    validator_index: exit.validatorIndex,
    requested_at: requestedAt,
    operators: {[operatorId]: {requested_at: requestedAt, order_id: orderId}},
    state: "open",
    // The order ends when the exit expires, so that this, and no run-out order, is what its requesters are told.
    opened_at: Math.min(now, requestedAt),
    issued_at: now,
    due_at: now + reissueAfterMs,
    issues: 1,
    ...(deposit && {deposit}),
  };
};
