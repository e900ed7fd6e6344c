import pMap from "p-map";
import type {OrderEntry} from "../../schemas/order.js";
import {toCompletion} from "../exits/completion.js";
import {isSameDeposit} from "../exits/depositId.js";
import {exitKeyOf} from "../exits/exitId.js";
import {type RejectionCode, toRejection} from "../exits/rejections.js";
import {groupBy} from "../runtime/groupBy.js";
import {logTogether} from "../runtime/logTogether.js";
import type {Claim} from "../store/claims.js";
import type {Ask} from "../store/requestDocument.js";
import {answerDeposit, depositsOf, findPending} from "./answerDeposit.js";
import {publishRejections} from "./publishRejections.js";
import type {BatchOrder} from "./readBatch.js";
import {publishCompletion, publishConcurrency, publishExitRequest, type Relayer} from "./relayer.js";

/** What an operator asks for with an entry of an order. */
export type OrderedAsk = {readonly ask: Ask; readonly of: BatchOrder; readonly entry: OrderEntry; readonly digest: string};

type ClaimedAsk = OrderedAsk & {readonly claim: Claim};

/** Claims exits, publishes what is known of them, and asks for the others: one message for each cluster and order. */
export async function claimAndPublish(relayer: Relayer, batchId: string, asks: readonly OrderedAsk[]): Promise<void> {
  const {logger} = relayer;
  const allAsks = asks.map(({ask}) => ask);
  const claims = await relayer.requests.claim(allAsks, relayer.clock.now(), relayer.reissueAfterMs);
  const claimed = asks.map(
    ({ask, of, entry, digest}, position): ClaimedAsk => ({ask, of, entry, digest, claim: claims[position] as Claim}),
  );
  const exits = claimed.filter(({claim}) => isCurrent(claim)).map(({ask}) => ask.exit);
  const {configHash} = relayer.oracles.current();
  // The requester was stored before this read, and the aggregator reads requesters after storing a result: one of the two publishes it.
  const results = relayer.exits.findResults(exits, configHash);
  const signatures = relayer.deposits.findSignatures(claimed.flatMap(({ask, claim}) => depositsOf(ask, claim)));
  for (const reading of [results, signatures]) reading.catch(() => {});

  const superseded: OrderedExit[] = [];
  const rejected: (OrderedExit & {code: RejectionCode})[] = [];
  const answered: OrderedExit[] = [];

  /** Publishes what is known already; returns when the exit is due again if its cluster is to be asked now, on this order. */
  const answer = async ({ask, claim, of}: ClaimedAsk): Promise<number | undefined> => {
    const about = {batch: batchId, order: of.id, cluster_id: ask.clusterId};
    const {exit, operatorId, requestedAt} = ask;
    if (claim.outcome !== "current" && claim.outcome !== "superseding") {
      const code = rejectionsOf[claim.outcome];
      rejected.push({...about, code, exit: exitKeyOf(exit)});
      await publishCompletion(relayer, toRejection(exit, operatorId, requestedAt, code));
      return undefined;
    }
    if (claim.outcome === "superseding") {
      const {validatorIndex, requesters, state} = claim.previous;
      superseded.push({...about, exit: exitKeyOf({...exit, validatorIndex})});
      // Requesters of an answered exit keep that answer.
      if (state === "open") await publishRejections(relayer, {...exit, validatorIndex}, requesters, "EXIT_SUPERSEDED");
    }
    const result = (await results).get(exitKeyOf(exit));
    if (result) {
      answered.push({...about, exit: exitKeyOf(exit)});
      await publishCompletion(relayer, toCompletion(exit, operatorId, configHash, result));
    }
    await answerDeposit(relayer, ask, claim, await signatures);
    const pending = findPending(exit, claim.deposit, await signatures);
    if (result && !pending) {
      await relayer.requests.markAnswered(exit, configHash, claim.deposit);
      return undefined;
    }
    // A later request is published with an order of its own, even if this one is redelivered: refusals count for the latest.
    const isLatest = claim.outcome === "superseding" || claim.requestedAt === requestedAt;
    const asksForPending = ask.deposit !== undefined && pending !== undefined && isSameDeposit(ask.deposit, pending.deposit);
    const isAsked = (!result && isLatest) || (asksForPending && pending.requestedAt === requestedAt);
    if (claim.outcome === "superseding" || claim.state !== "answered") return isAsked ? claim.dueAt : undefined;
    // Answered for another oracle set, or before this deposit was asked for: a new answer is needed. The sweep asks on a later order.
    const now = relayer.clock.now();
    const dueInMs = isAsked ? relayer.reissueAfterMs : 0;
    await relayer.requests.reopen(exit, now, dueInMs, result ? Math.min(now, requestedAt) : now);
    return isAsked ? now + dueInMs : undefined;
  };

  const ask = async (group: readonly ClaimedAsk[], dueAts: readonly (number | undefined)[]): Promise<void> => {
    const [{of, ask: first}] = group as [ClaimedAsk];
    const shown = group.filter((_, position) => dueAts[position] !== undefined);
    if (shown.length === 0) return;
    const exits = shown.map(({ask: {exit}}) => exitKeyOf(exit));
    logger.info({batch: batchId, order: of.id, cluster_id: first.clusterId, exits}, "exits issued");
    await publishExitRequest(relayer, {
      clusterId: first.clusterId,
      orderId: of.id,
      order: of.order,
      shown: new Map(shown.map(({digest, entry}) => [digest, entry])),
      dueAt: Math.max(...dueAts.flatMap((dueAt) => dueAt ?? [])),
    });
  };
  await pMap(
    groupBy(claimed, ({of, ask: {clusterId}}) => `${clusterId} ${of.id}`).values(),
    async (group) => {
      // New exits hardly have a result: sidecars are asked while the store is read. Otherwise once, for a second message replaces the first.
      const dueAtsOfNew = group.flatMap(({claim}) => (claim.outcome === "current" && claim.isNew ? [claim.dueAt] : []));
      const areNew = dueAtsOfNew.length === group.length;
      if (areNew) await ask(group, dueAtsOfNew);
      const dueAts = await pMap(group, answer, {concurrency: publishConcurrency});
      if (!areNew) await ask(group, dueAts);
    },
    {concurrency: publishConcurrency},
  );
  logTogether(superseded, (fields) => logger.info(fields, "exits superseded"));
  logTogether(rejected, (fields) => logger.info(fields, "exits rejected"));
  logTogether(answered, (fields) => logger.info(fields, "results published"));
}

/** For the log. */
type OrderedExit = {readonly batch: string; readonly order: string; readonly cluster_id: string; readonly exit: string};

const isCurrent = ({outcome}: Claim): boolean => outcome === "current" || outcome === "superseding";

const rejectionsOf = {superseded: "EXIT_SUPERSEDED", unreadable: "REQUEST_UNREADABLE", expired: "EXIT_EXPIRED"} as const;
