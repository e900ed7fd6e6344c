import pMap from "p-map";
import {exitKeyOf} from "../exits/exitId.js";
import {groupBy} from "../runtime/groupBy.js";
import type {StoredRequest} from "../store/requestDocument.js";
import type {AskedEntry} from "./findAsked.js";
import {exitOf, type NewExitRequest, publishConcurrency, publishExitRequest, type Relayer} from "./relayer.js";

/** An exit to ask a cluster for again, with its entries and when to ask the next time. */
export type AskedAgain = {
  readonly request: StoredRequest;
  readonly clusterId: string;
  readonly entries: readonly [AskedEntry, ...AskedEntry[]];
  readonly dueAt: number;
};

/** The exit requests that a page of a sweep published, by cluster and order. */
export type Published = ReadonlyMap<string, NewExitRequest>;

type Options = {
  /** Records that it is asked for now; false if another relayer was first, or it needs nothing more. */
  readonly claim: (asked: AskedAgain) => Promise<boolean>;
  /** What the page before published. A stream keeps one message for each cluster and order: another one shows its entries too. */
  readonly before?: Published;
};

const keyOf = ({clusterId}: Pick<AskedAgain, "clusterId">, {orderId}: Pick<AskedEntry, "orderId">): string =>
  `${clusterId} ${orderId}`;

/** Asks for exits again, in one message for each cluster and order. */
export async function askAgain(relayer: Relayer, asked: readonly AskedAgain[], {claim, before}: Options): Promise<Published> {
  const groups = [...groupBy(asked, (it) => keyOf(it, it.entries[0])).values()];
  const claimed = (await pMap(groups, (group) => claimGroup(group, claim), {concurrency: publishConcurrency})).flat();
  const parts = claimed.flatMap((of) => of.entries.map((entry) => ({of, entry})));
  const published = new Map<string, NewExitRequest>();
  await pMap(
    groupBy(parts, ({of, entry}) => keyOf(of, entry)),
    async ([key, ofOrder]) => {
      const [{of, entry: first}] = ofOrder as [(typeof parts)[number]];
      const earlier = before?.get(key);
      const request = {
        clusterId: of.clusterId,
        orderId: first.orderId,
        order: first.order,
        shown: new Map([...(earlier?.shown ?? []), ...ofOrder.map(({entry}) => [entry.digest, entry.entry] as const)]),
        dueAt: Math.max(earlier?.dueAt ?? 0, ...ofOrder.map(({of: {dueAt}}) => dueAt)),
      };
      published.set(key, request);
      const exit = ofOrder.length === 1 && {exit: exitKeyOf(exitOf(relayer, of.request))};
      relayer.logger.info({cluster_id: of.clusterId, exits: ofOrder.length, ...exit}, "exit request reissued");
      await publishExitRequest(relayer, request);
    },
    {concurrency: publishConcurrency},
  );
  return published;
}

/** The first exit decides which relayer asks for an order's: two messages with a part of them each would replace each other. */
async function claimGroup(group: readonly AskedAgain[], claim: Options["claim"]): Promise<AskedAgain[]> {
  const [first, ...others] = group;
  if (!first || !(await claim(first))) return [];
  const won = await Promise.all(others.map(claim));
  return [first, ...others.filter((_, position) => won[position])];
}
