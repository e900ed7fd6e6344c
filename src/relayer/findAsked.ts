import type {OrderEntry} from "../../schemas/order.js";
import {entryDigestOf} from "../exits/order.js";
import {isOrderSigned} from "../policy/isOrderSigned.js";
import {findEntry, ordersOf, type StandingOrder} from "../policy/standingOrder.js";
import type {AskedDeposit, Requesters} from "../store/askedDeposit.js";
import type {StoredOrder} from "../store/orders.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {exitOf, type Relayer} from "./relayer.js";

/** An entry to ask for, on its order. */
export type AskedEntry = {
  readonly orderId: string;
  readonly order: StoredOrder;
  readonly digest: string;
  readonly entry: OrderEntry;
};

/** What an exit is asked for again with: its own signature, and that of a deposit if it is given. */
export type Needed = {
  readonly request: StoredRequest;
  readonly needsExit: boolean;
  readonly pending: AskedDeposit | undefined;
};

/** When nothing is signed on the order any more. */
export const endOf = (
  {exitLifetimeMs}: Pick<Relayer, "exitLifetimeMs">,
  {order}: {readonly order: Pick<StoredOrder, "requestedAt">},
): number => order.requestedAt + exitLifetimeMs;

/**
 * The entries of what is needed, each on the order that it stands on: two if exit and deposit stand on different ones, and none if no
 * order is left for it. The orders are read together.
 */
export async function findAsked(
  relayer: Relayer,
  needed: readonly Needed[],
  now: number,
): Promise<ReadonlyMap<Needed, readonly AskedEntry[]>> {
  const requestersOf = ({request, needsExit, pending}: Needed) => ({
    ofExit: needsExit ? request.requesters : none,
    ofDeposit: pending?.requesters ?? none,
  });
  const ids = needed.map(requestersOf).flatMap(({ofExit, ofDeposit}) => [...ofExit.values(), ...ofDeposit.values()]);
  const orders = await findSigned(
    relayer,
    ids.map(({orderId}) => orderId),
  );
  /** On each valid order, the latest first: that of one requester may be gone, or from before its nkey was replaced. */
  const entriesOn = ({request}: Needed, requesters: Requesters): AskedEntry[] =>
    ordersOf(requesters).flatMap((stands) => {
      const order = orders.get(stands.orderId);
      if (!order || !isOf(order, stands) || now >= endOf(relayer, {order})) return [];
      const entry = findEntry(order, exitOf(relayer, request), request.deposit?.deposit);
      return entry ? [{orderId: stands.orderId, order, digest: entryDigestOf(entry), entry}] : [];
    });
  const entriesOf = (it: Needed): AskedEntry[] => {
    const {ofExit, ofDeposit} = requestersOf(it);
    const [exit] = entriesOn(it, ofExit);
    if (it.needsExit && !exit) return [];
    const deposit = entriesOn(it, ofDeposit).find(({entry}) => entry.deposit !== undefined);
    return [...(exit ? [exit] : []), ...(deposit && deposit.orderId !== exit?.orderId ? [deposit] : [])];
  };
  return new Map(needed.map((it) => [it, entriesOf(it)]));
}

const none: Requesters = new Map();

/** The stored orders whose signature is still their operator's: sidecars refuse those from before its nkey was replaced. */
async function findSigned({orders, bus}: Relayer, ids: readonly string[]): Promise<ReadonlyMap<string, StoredOrder>> {
  if (ids.length === 0) return new Map();
  const nkeys = new Map(bus.participants().operators.map(({id, nkey}) => [id, nkey]));
  const signed = await Promise.all(
    [...(await orders.find(ids))].map(async ([id, order]) => {
      const nkey = nkeys.get(order.operatorId);
      const isSigned = nkey !== undefined && (await isOrderSigned(nkey, order, order.signature));
      return isSigned ? [[id, order] as const] : [];
    }),
  );
  return new Map(signed.flat());
}

/** Who may write to the database could give an exit another operator's order. */
const isOf = (order: StoredOrder, {operatorId, requestedAt}: StandingOrder): boolean =>
  order.operatorId === operatorId && order.requestedAt === requestedAt;
