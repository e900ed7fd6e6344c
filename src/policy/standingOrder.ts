import type {Deposit} from "../../schemas/deposit.js";
import type {OrderEntry} from "../../schemas/order.js";
import type {ExitId} from "../exits/exitId.js";
import {entryDigestOf} from "../exits/order.js";
import type {OperatorRequest, Requesters} from "../store/askedDeposit.js";

/** An order that an exit or a deposit may be signed on, and who ordered it. It is signed on the first of `ordersOf` that is valid. */
export type StandingOrder = OperatorRequest & {readonly operatorId: string};

/** The orders of these requesters, the latest first; of two at the same time, the one whose operator's id sorts first. */
export function ordersOf(requesters: Requesters): StandingOrder[] {
  const all = [...requesters].map(([operatorId, request]): StandingOrder => ({...request, operatorId}));
  return all.sort((a, b) => b.requestedAt - a.requestedAt || (a.operatorId < b.operatorId ? -1 : 1));
}

/** The order's entry for the exit, with the deposit, without it, or as a rotation; undefined if the order has none of these. */
export function findEntry(
  {digests}: {readonly digests: readonly string[]},
  {publicKey, validatorIndex}: ExitId,
  deposit?: Deposit | undefined,
): OrderEntry | undefined {
  const alone: OrderEntry = {public_key: publicKey, validator_index: validatorIndex};
  const entries: OrderEntry[] = [...(deposit ? [{...alone, deposit}] : []), alone, {...alone, rotation: true}];
  return entries.find((entry) => digests.includes(entryDigestOf(entry)));
}
