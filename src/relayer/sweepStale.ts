import pMap from "p-map";
import {type ExitResult, toCompletion} from "../exits/completion.js";
import {exitKeyOf} from "../exits/exitId.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {findDeposits, findPending, type Signatures} from "./answerDeposit.js";
import {exitOf, findClusterId, publishCompletion, publishConcurrency, publishExitRequest, type Relayer} from "./relayer.js";

/** Asked for again in one sweep, so that what is asked for meanwhile does not wait behind all of them. */
const pageSize = 500;

type Followed = NonNullable<Relayer["followed"]>;

/**
 * The sweep of a relayer whose oracle set may change: for as long as a set is new it does nothing, so that the aggregator knows it
 * when the first shares come.
 */
export function createStaleSweep(relayer: Relayer, {registry, graceMs}: Followed): (signal: AbortSignal) => Promise<void> {
  let seen = relayer.oracles.current().configHash;
  let changedAt = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const {configHash} = relayer.oracles.current();
    if (configHash !== seen) [seen, changedAt] = [configHash, performance.now()];
    if (performance.now() - changedAt >= graceMs) await sweepStale(relayer, registry, relayer.clock.now(), signal);
  };
}

/**
 * Looks after exits that were answered for another oracle set than the one in force: asks for them again, tells a result for this
 * set where there is one, and leaves those alone whose validators are registered.
 */
export async function sweepStale(
  relayer: Relayer,
  registry: Followed["registry"],
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const {requests, exits, network, logger} = relayer;
  const {configHash} = relayer.oracles.current();
  for await (const page of requests.findStale(network.name, configHash, pageSize)) {
    if (signal.aborted) return;
    const stale = page.filter((head) => findClusterId(relayer, head) !== undefined);
    const idsOf = (heads: readonly StoredRequest[]) => heads.map((head) => exitOf(relayer, head));
    const results = await exits.findResults(idsOf(stale), configHash);
    const resultOf = (head: StoredRequest): ExitResult | undefined => results.get(exitKeyOf(exitOf(relayer, head)));
    const unanswered = stale.filter((head) => !resultOf(head));
    const {isRegistered} = await registry.read(unanswered.map(({publicKey}) => publicKey));
    await requests.markRegistered(idsOf(unanswered.filter(({publicKey}) => isRegistered(publicKey))));
    const wanted = unanswered.filter(({publicKey}) => !isRegistered(publicKey));
    const signatures = await findDeposits(relayer, wanted);
    await pMap(
      stale,
      async (head) => {
        const result = resultOf(head);
        if (result) await tell(relayer, head, configHash, result);
        else if (wanted.includes(head)) await reissue(relayer, head, signatures, now);
      },
      {concurrency: publishConcurrency},
    );
    if (wanted.length === 0) continue;
    logger.info({exits: wanted.length, oracles_config_hash: configHash}, "exits asked for again for another oracle set");
    return;
  }
}

/** Those that were answered before it was noted for which set: who asked knows it already. */
async function tell(relayer: Relayer, head: StoredRequest, configHash: string, result: ExitResult): Promise<void> {
  const exit = exitOf(relayer, head);
  if (head.answeredFor !== undefined) {
    for (const id of head.askers.keys()) await publishCompletion(relayer, toCompletion(exit, id, configHash, result));
  }
  await relayer.requests.markAnsweredFor(exit, configHash);
}

async function reissue(relayer: Relayer, head: StoredRequest, signatures: Signatures, now: number): Promise<void> {
  const exit = exitOf(relayer, head);
  const clusterId = findClusterId(relayer, head);
  if (clusterId === undefined) return;
  if (!(await relayer.requests.reopen(exit, now, relayer.reissueAfterMs))) return;
  const deposit = findPending(exit, head.deposit, signatures)?.deposit;
  const dueAt = now + relayer.reissueAfterMs;
  await publishExitRequest(relayer, {exit, clusterId, requestedAt: head.requestedAt, dueAt, deposit});
}
