import pMap from "p-map";
import {exitKeyOf} from "../exits/exitId.js";
import {groupBy} from "../runtime/groupBy.js";
import {type AskedAgain, orderKeyOf} from "./askedAgain.js";
import {exitOf, publishConcurrency, publishExitRequest, type Relayer} from "./relayer.js";
import {takeAlong} from "./takeAlong.js";

type Options = {
  /** Records that it is asked for now; false if another relayer was first, or it needs nothing more. */
  readonly claim: (asked: AskedAgain) => Promise<boolean>;
  readonly now: number;
  /** The oracle set that results have to be for. */
  readonly configHash: string;
};

/**
 * Asks for exits again, in one message for each cluster and order. It replaces the one before, so it shows the order's other open
 * exits too: a sidecar that was away finds them there.
 */
export async function askAgain(relayer: Relayer, asked: readonly AskedAgain[], {claim, now, configHash}: Options): Promise<void> {
  const groups = [...groupBy(asked, (it) => orderKeyOf(it, it.entries[0])).values()];
  const claimed = (await pMap(groups, (group) => claimGroup(group, claim), {concurrency: publishConcurrency})).flat();
  const parts = [...claimed, ...(await takeAlong(relayer, claimed, {now, configHash}))].flatMap((of) =>
    of.entries.map((entry) => ({of, entry})),
  );
  await pMap(
    groupBy(parts, ({of, entry}) => orderKeyOf(of, entry)).values(),
    async (ofOrder) => {
      const [{of, entry: first}] = ofOrder as [(typeof parts)[number]];
      const exits = ofOrder.map(({of: {request}}) => exitKeyOf(exitOf(relayer, request)));
      relayer.logger.info({order: first.orderId, cluster_id: of.clusterId, exits}, "exits reissued");
      await publishExitRequest(relayer, {
        clusterId: of.clusterId,
        orderId: first.orderId,
        order: first.order,
        shown: new Map(ofOrder.map(({entry}) => [entry.digest, entry.entry])),
        dueAt: Math.max(...ofOrder.map(({of: {dueAt}}) => dueAt)),
      });
    },
    {concurrency: publishConcurrency},
  );
}

/** The first exit decides which relayer asks for an order's: the other one's message would ask for all of them once more. */
async function claimGroup(group: readonly AskedAgain[], claim: Options["claim"]): Promise<AskedAgain[]> {
  const [first, ...others] = group;
  if (!first || !(await claim(first))) return [];
  const won = await Promise.all(others.map(claim));
  return [first, ...others.filter((_, position) => won[position])];
}
