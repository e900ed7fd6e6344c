import pMap from "p-map";
import {exitKeyOf} from "../exits/exitId.js";
import {findDeposits, findPending} from "./answerDeposit.js";
import {type AskedAgain, dueAfter, orderKeyOf} from "./askedAgain.js";
import {type AskedEntry, findAsked, type Needed} from "./findAsked.js";
import {exitOf, findClusterId, publishConcurrency, type Relayer} from "./relayer.js";

/** The time of a sweep, and the oracle set that results have to be for. */
type At = {readonly now: number; readonly configHash: string};

/**
 * The other open exits that stand on the orders of these, with their entries there. One that is asked for with them in full waits for
 * its interval anew, so that it is not asked for twice; the interval doubles only if it was due itself.
 */
export async function takeAlong(relayer: Relayer, asked: readonly AskedAgain[], at: At): Promise<AskedAgain[]> {
  const {now} = at;
  const orders = new Map(asked.flatMap((it) => it.entries.map((entry) => [orderKeyOf(it, entry), entry.order] as const)));
  const along = await findNeeded(relayer, withoutKeysOf(asked, [...orders.values()]), at);
  const entriesOf = await findAsked(relayer, along, now);
  const others = await pMap(
    along,
    async (it): Promise<AskedAgain[]> => {
      const {request} = it;
      const clusterId = findClusterId(relayer, request) ?? "";
      const all = entriesOf.get(it) ?? [];
      const [first, ...more] = all.filter((entry) => orders.has(orderKeyOf({clusterId}, entry)));
      if (!first) return [];
      const taken = {request, clusterId, entries: [first, ...more] as [AskedEntry, ...AskedEntry[]]};
      if (more.length + 1 < all.length) return [{...taken, dueAt: request.dueAt}];
      const issues = request.issues + (request.dueAt <= now ? 1 : 0);
      const dueAt = dueAfter(relayer, {request, entries: all, issues}, now);
      await relayer.requests.claimReissue(exitOf(relayer, request), request, {dueAt, issues, reissuedAt: now});
      return [{...taken, dueAt}];
    },
    {concurrency: publishConcurrency},
  );
  return others.flat();
}

/** The keys of these orders that nothing is asked for yet. */
function withoutKeysOf(asked: readonly AskedAgain[], orders: readonly AskedEntry["order"][]): string[] {
  const known = new Set(asked.map(({request}) => request.publicKey));
  return [...new Set(orders.flatMap(({publicKeys}) => publicKeys))].filter((publicKey) => !known.has(publicKey));
}

/** The open exits of these keys, as far as they lack something and are not about to expire. */
async function findNeeded(relayer: Relayer, publicKeys: readonly string[], {now, configHash}: At): Promise<Needed[]> {
  const {requests, exits, network, exitLifetimeMs} = relayer;
  if (publicKeys.length === 0) return [];
  const open = (await requests.findOpenOf(network.name, publicKeys)).filter(({openedAt}) => now - openedAt < exitLifetimeMs);
  const [results, signatures] = await Promise.all([
    exits.findResults(
      open.map((request) => exitOf(relayer, request)),
      configHash,
    ),
    findDeposits(relayer, open),
  ]);
  return open.flatMap((request) => {
    const exit = exitOf(relayer, request);
    const needsExit = !results.has(exitKeyOf(exit));
    const pending = findPending(exit, request.deposit, signatures);
    return needsExit || pending ? [{request, needsExit, pending}] : [];
  });
}
