import {type Static, Type} from "typebox";
import type {Deposit} from "../../schemas/deposit.js";
import {TimestampMs} from "../../schemas/fields.js";
import {isSameDeposit} from "../exits/depositId.js";
import {storedFields} from "./storedFields.js";

/** The deposit that is asked for with an exit, as the relayer keeps it beside the exit. */
export const AskedDocument = Type.Object(
  {
    ...storedFields.deposit,
    /** ms; of the latest request for it: it decides which deposit of the exit is current. */
    requested_at: TimestampMs,
    operators: storedFields.operators,
    /** Too few signed within the lifetime. */
    expired: Type.Optional(Type.Literal(true)),
  },
  {additionalProperties: false},
);
export type AskedDocument = Static<typeof AskedDocument>;

/** By operator id, the requested_at of what each asked for last. */
export type Askers = ReadonlyMap<string, number>;

/** Of what is stored, those whom the validator's cluster lets ask for it. */
export type ToAskers = (operators: Readonly<Record<string, number>>) => Askers;

export type AskedDeposit = {
  readonly deposit: Deposit;
  readonly requestedAt: number;
  readonly askers: Askers;
  readonly isExpired: boolean;
};

/** The deposit that is asked for with the exit now, and the other one that was until this request. */
export type DepositClaim = {readonly deposit: AskedDeposit | undefined; readonly replaced?: AskedDeposit | undefined};

export function toAsked(document: AskedDocument | undefined, toAskers: ToAskers): AskedDeposit | undefined {
  if (!document) return undefined;
  const {requested_at, operators, expired, ...deposit} = document;
  return {deposit, requestedAt: requested_at, askers: toAskers(operators), isExpired: expired === true};
}

export type AskForDeposit = {readonly deposit?: Deposit | undefined; readonly operatorId: string; readonly requestedAt: number};

export const toAskedDocument = ({deposit, operatorId, requestedAt}: AskForDeposit): AskedDocument | undefined =>
  deposit && {...deposit, requested_at: requestedAt, operators: {[operatorId]: requestedAt}};

/** What is current after this request, and what was until then where that is another deposit. The first of two at once stays. */
export function mergeAsked(
  standing: AskedDocument | undefined,
  ask: AskForDeposit,
): {current?: AskedDocument | undefined; replaced?: AskedDocument} {
  const asked = toAskedDocument(ask);
  if (!asked || !standing) return {current: asked ?? standing};
  const isLater = asked.requested_at > standing.requested_at;
  if (!isSameDeposit(asked, standing)) return isLater ? {current: asked, replaced: standing} : {current: standing};
  const {expired, ...same} = standing;
  const current = {...same, operators: {...same.operators, ...asked.operators}};
  if (isLater) return {current: {...current, requested_at: asked.requested_at}};
  return {current: expired ? {...current, expired} : current};
}
