import {type Static, Type} from "typebox";
import type {Deposit} from "../../schemas/deposit.js";
import {TimestampMs} from "../../schemas/fields.js";
import {isSameDeposit} from "../exits/depositId.js";
import {storedFields} from "./storedFields.js";

/** The deposit that was requested with an exit, as the relayer stores it beside the exit. */
export const AskedDocument = Type.Object(
  {
    ...storedFields.deposit,
    /** ms; of the latest request for it, which decides the current deposit of the exit. */
    requested_at: TimestampMs,
    operators: storedFields.operators,
    /** Set when too few signed within the lifetime. */
    expired: Type.Optional(Type.Literal(true)),
  },
  {additionalProperties: false},
);
export type AskedDocument = Static<typeof AskedDocument>;

/** When an operator asked last, and the order that says so. */
export type OperatorRequest = {readonly requestedAt: number; readonly orderId: string};

/** The latest request of each operator, by operator id. */
export type Requesters = ReadonlyMap<string, OperatorRequest>;

/** Filters the stored requesters: those whom the cluster of the validator allows to request it. */
export type ToRequesters = (operators: AskedDocument["operators"]) => Requesters;

/** A deposit that was requested with an exit. */
export type AskedDeposit = {
  readonly deposit: Deposit;
  readonly requestedAt: number;
  readonly requesters: Requesters;
  readonly isExpired: boolean;
};

/** The current deposit of the exit, and the one that this request replaced. */
export type DepositClaim = {readonly deposit: AskedDeposit | undefined; readonly replaced?: AskedDeposit | undefined};

/** Reads the deposit of a stored document. */
export function toAsked(document: AskedDocument | undefined, toRequesters: ToRequesters): AskedDeposit | undefined {
  if (!document) return undefined;
  const {requested_at, operators, expired, ...deposit} = document;
  return {deposit, requestedAt: requested_at, requesters: toRequesters(operators), isExpired: expired === true};
}

type StoredOperatorRequest = AskedDocument["operators"][string];

/** The later of an operator's requests, whichever comes last: a batch may be delivered again after a later one. */
export const laterRequest = (
  before: StoredOperatorRequest | undefined,
  {requestedAt, orderId}: OperatorRequest,
): StoredOperatorRequest =>
  before && before.requested_at > requestedAt ? before : {requested_at: requestedAt, order_id: orderId};

/** A request of one operator, with its deposit if it has one. */
export type DepositRequest = OperatorRequest & {readonly deposit?: Deposit | undefined; readonly operatorId: string};

/** The document for the deposit of a request. */
export const toAskedDocument = ({deposit, operatorId, requestedAt, orderId}: DepositRequest): AskedDocument | undefined =>
  deposit && {...deposit, requested_at: requestedAt, operators: {[operatorId]: {requested_at: requestedAt, order_id: orderId}}};

/**
 * The current deposit after this request, and the one that it replaced; of two different ones with the same time, the first
 * stays.
 */
export function mergeAsked(
  before: AskedDocument | undefined,
  ask: DepositRequest,
): {current?: AskedDocument | undefined; replaced?: AskedDocument} {
  const asked = toAskedDocument(ask);
  if (!asked || !before) return {current: asked ?? before};
  const isLater = asked.requested_at > before.requested_at;
  if (!isSameDeposit(asked, before)) return isLater ? {current: asked, replaced: before} : {current: before};
  const {expired, ...same} = before;
  const {operatorId} = ask;
  const operators = {...same.operators, [operatorId]: laterRequest(same.operators[operatorId], ask)};
  const current = {...same, operators};
  if (isLater) return {current: {...current, requested_at: asked.requested_at}};
  return {current: expired ? {...current, expired} : current};
}
