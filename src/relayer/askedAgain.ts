import type {StoredRequest} from "../store/requestDocument.js";
import {type AskedEntry, endOf} from "./findAsked.js";
import type {Relayer} from "./relayer.js";

/** An exit to ask a cluster for again, with its entries and when to ask the next time. */
export type AskedAgain = {
  readonly request: StoredRequest;
  readonly clusterId: string;
  readonly entries: readonly [AskedEntry, ...AskedEntry[]];
  readonly dueAt: number;
};

/** A stream keeps one message for each of these. */
export const orderKeyOf = ({clusterId}: Pick<AskedAgain, "clusterId">, {orderId}: Pick<AskedEntry, "orderId">): string =>
  `${clusterId} ${orderId}`;

type Issue = {readonly request: StoredRequest; readonly entries: readonly AskedEntry[]; readonly issues: number};

/** When an exit is due after so many issues: each time after twice the interval, and a last time when its lifetime or its order ends. */
export const dueAfter = (relayer: Relayer, {request, entries, issues}: Issue, now: number): number =>
  Math.min(
    now + relayer.reissueAfterMs * 2 ** (issues - 1),
    request.openedAt + relayer.exitLifetimeMs,
    ...entries.map((entry) => endOf(relayer, entry)),
  );
