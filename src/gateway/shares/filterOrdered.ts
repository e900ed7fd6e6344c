import type {OrderEntry} from "../../../schemas/order.js";
import type {Cluster} from "../../clusters/cluster.js";
import {DvtError, type ErrorCode} from "../../errors.js";
import {depositKeyOf} from "../../exits/depositId.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import {entryDigestOf} from "../../exits/order.js";
import type {Participants} from "../../participants/participants.js";
import {checkOrder} from "../../policy/checkOrder.js";
import {findEntry, ordersOf, type StandingOrder} from "../../policy/standingOrder.js";
import {groupBy} from "../../runtime/groupBy.js";
import type {Requesters} from "../../store/askedDeposit.js";
import type {Orders, SignedOrder} from "../../store/orders.js";
import type {StoredRequest} from "../../store/requestDocument.js";
import type {PollLogs} from "../caches/pollLogs.js";
import {createRecent} from "../caches/recent.js";

/** An exit as it was asked for; `deposit` is what sidecars are to be shown of the deposit that was asked for with it. */
type AskedExit = {
  readonly cluster: Pick<Cluster, "id">;
  readonly exit: ExitId;
  readonly head: Pick<StoredRequest, "requesters" | "deposit">;
  readonly deposit: object | undefined;
};

/**
 * Keeps the exits that an operator ordered, by the checks of a sidecar on the bus, and leaves out a deposit that none ordered: whoever
 * writes the database can ask for anything, and StakeWise's sidecars sign whatever they are shown.
 */
export type FilterOrdered = <T extends AskedExit>(exits: readonly T[]) => Promise<(T & OrderedExit)[]>;

/** The ids of the orders that an exit and its deposit stand on, and whether the exit was ordered as a rotation. */
export type OrderedExit = {
  readonly orders: {readonly exit: string; readonly deposit?: string | undefined};
  readonly isRotation: boolean;
};

export type OrderOptions = Pick<PollLogs, "exitsNotShown" | "depositsNotShown"> & {
  readonly orders: Pick<Orders, "find">;
  /** Those of participants.json now. */
  readonly participants: () => Pick<Participants, "operators" | "clusters">;
  /** Nothing is shown on an older order. */
  readonly orderLifetimeMs: number;
  readonly now: () => number;
  /** How soon an order that was refused is checked again. */
  readonly retryAfterMs?: number;
};

/** An exit or a deposit, and an order that it may stand on. */
type Ordered = {
  readonly what: "exit" | "deposit";
  readonly asked: AskedExit;
  readonly standing: StandingOrder;
  /** Names the order and the cluster. */
  readonly orderKey: string;
  /** Names what is ordered, too. */
  readonly key: string;
};

type Refuse = (it: Ordered, code: ErrorCode) => void;

/** About 400 bytes each. */
const mostVerified = 100_000;

/** Clients poll: an order is verified once, and again after the participants have changed; a refused one is checked again after 10 s. */
export function createFilterOrdered(options: OrderOptions): FilterOrdered {
  const {orders, participants, orderLifetimeMs, now, retryAfterMs = 10_000} = options;
  /** By what is ordered, whether as a rotation. */
  const verified = new Map<string, boolean>();
  const refused = createRecent(retryAfterMs);
  let verifiedFor = participants();

  const isYoung = ({standing}: Ordered): boolean => now() - standing.requestedAt <= orderLifetimeMs;
  const holds = (it: Ordered): boolean => verified.has(it.key) && isYoung(it);

  const verify = async (all: readonly Ordered[], order: SignedOrder | undefined, refuse: Refuse): Promise<void> => {
    const entries = new Map<string, OrderEntry>();
    const found = all.filter((it) => {
      const entry = order && findOrdered(it, order);
      if (entry) entries.set(entryDigestOf(entry), entry);
      else refuse(it, order ? "ORDER_INVALID" : "ORDER_EXPIRED");
      return entry !== undefined;
    });
    const [first] = found;
    if (!first || !order) return;
    const by = verifiedFor;
    try {
      await checkOrder(by, toShown(first, order, entries), {lifetimeMs: orderLifetimeMs, now: now()});
      if (by === verifiedFor) for (const it of found) verified.set(it.key, findOrdered(it, order)?.rotation === true);
    } catch (error) {
      if (!(error instanceof DvtError)) throw error;
      for (const it of found) refuse(it, error.code);
    }
  };

  return async (exits) => {
    if (verifiedFor !== participants() || verified.size > mostVerified) verified.clear();
    verifiedFor = participants();
    const all = exits.map((asked) => ({asked, exit: ordersOfExit(asked), deposit: ordersOfDeposit(asked)}));
    const unknown = all.flatMap(({exit, deposit}) => [...exit, ...deposit]).filter((it) => !holds(it) && !refused.has(it.key));
    const codes = new Map<Ordered, ErrorCode>();
    const refuse: Refuse = (it, code) => {
      refused.add(it.key);
      codes.set(it, code);
    };
    for (const it of unknown) if (!isYoung(it)) refuse(it, "ORDER_EXPIRED");
    const young = unknown.filter(isYoung);
    if (young.length > 0) {
      const stored = await orders.find(young.map(({standing}) => standing.orderId));
      const byOrder = groupBy(young, ({orderKey}) => orderKey);
      await Promise.all(
        [...byOrder.values()].map((some) => verify(some, stored.get((some[0] as Ordered).standing.orderId), refuse)),
      );
    }
    /** Any requester's order is enough: that of the latest may be gone, or from before its nkey was replaced. */
    const findOrder = (its: readonly Ordered[]): Ordered | undefined => {
      const found = its.find(holds);
      if (found) return found;
      for (const it of its) {
        const code = codes.get(it);
        if (code === undefined) continue;
        warn(it, code);
        break;
      }
      return undefined;
    };
    return all.flatMap(({asked, exit, deposit}) => {
      const [ofExit, ofDeposit] = [findOrder(exit), findOrder(deposit)];
      if (!ofExit) return [];
      const orders = {exit: ofExit.standing.orderId, deposit: ofDeposit?.standing.orderId};
      return [{...asked, orders, isRotation: verified.get(ofExit.key) === true, ...(!ofDeposit && {deposit: undefined})}];
    });
  };

  function warn({what, asked: {exit, head}, standing}: Ordered, code: ErrorCode): void {
    const why = {code, operator_id: standing.operatorId};
    if (what === "exit") options.exitsNotShown.waits(exitKeyOf(exit), why);
    else if (head.deposit) options.depositsNotShown.waits(depositKeyOf({...exit, deposit: head.deposit.deposit}), why);
  }
}

const ordersOfExit = (asked: AskedExit): Ordered[] => toOrdered("exit", asked, asked.head.requesters);

const ordersOfDeposit = (asked: AskedExit): Ordered[] =>
  asked.head.deposit ? toOrdered("deposit", asked, asked.head.deposit.requesters) : [];

function toOrdered(what: Ordered["what"], asked: AskedExit, requesters: Requesters): Ordered[] {
  const {exit, head, cluster} = asked;
  const deposit = what === "deposit" && head.deposit ? `:${depositKeyOf({...exit, deposit: head.deposit.deposit})}` : "";
  return ordersOf(requesters).map((standing) => {
    const orderKey = `${standing.orderId}:${standing.operatorId}:${standing.requestedAt}:${cluster.id}`;
    return {what, asked, standing, orderKey, key: `${orderKey}:${exitKeyOf(exit)}${deposit}`};
  });
}

/** The entry of the requester's own order that asks for it. */
function findOrdered({what, asked, standing}: Ordered, order: SignedOrder): OrderEntry | undefined {
  const {operatorId, requestedAt} = standing;
  if (order.operatorId !== operatorId || order.requestedAt !== requestedAt) return undefined;
  const entry = findEntry(order, asked.exit, asked.head.deposit?.deposit);
  return what === "exit" || entry?.deposit ? entry : undefined;
}

const toShown = ({asked, standing}: Ordered, order: SignedOrder, entries: ReadonlyMap<string, OrderEntry>) => ({
  network: order.network,
  clusterId: asked.cluster.id,
  orderId: standing.orderId,
  order: {
    operator_id: order.operatorId,
    requested_at: order.requestedAt,
    entries: order.digests.map((digest) => entries.get(digest) ?? digest),
    signature: order.signature,
  },
});
