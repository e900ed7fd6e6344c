import pMap from "p-map";
import {type ExitResult, toCompletion} from "../exits/completion.js";
import {exitKeyOf} from "../exits/exitId.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {type DepositSignatures, findDeposits, findPending} from "./answerDeposit.js";
import {askAgain} from "./askAgain.js";
import type {AskedAgain} from "./askedAgain.js";
import {type ExpiringExit, expireExits} from "./expireExits.js";
import {findAsked, type Needed} from "./findAsked.js";
import {exitOf, findClusterId, publishCompletion, publishConcurrency, type Relayer} from "./relayer.js";

/** How many exits one sweep reopens, so that new requests do not wait behind all of them. */
const pageSize = 500;

type Followed = NonNullable<Relayer["followed"]>;

/**
 * The sweep of a relayer whose oracle set may change. It does nothing while a set is new, so that the aggregator knows the set when
 * the first shares arrive.
 */
export function createStaleSweep(
  relayer: Relayer,
  {registry, graceMs}: Omit<Followed, "outage">,
): (signal: AbortSignal) => Promise<void> {
  let knownHash = relayer.oracles.current().configHash;
  let changedAt = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const {configHash} = relayer.oracles.current();
    if (configHash !== knownHash) [knownHash, changedAt] = [configHash, performance.now()];
    if (performance.now() - changedAt >= graceMs) await sweepStale(relayer, registry, relayer.clock.now(), signal);
  };
}

/**
 * Handles exits that were answered for another oracle set than the current one: publishes a result for this set if there is one,
 * requests the others again, and skips those whose validators are registered. One without an order to request it on expires, so that
 * no later sweep finds it.
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
    const stale = page.filter((request) => findClusterId(relayer, request) !== undefined);
    const exitsOf = (stored: readonly StoredRequest[]) => stored.map((request) => exitOf(relayer, request));
    const results = await exits.findResults(exitsOf(stale), configHash);
    const resultOf = (request: StoredRequest): ExitResult | undefined => results.get(exitKeyOf(exitOf(relayer, request)));
    const unanswered = stale.filter((request) => !resultOf(request));
    const {isRegistered} = await registry.read(unanswered.map(({publicKey}) => publicKey));
    await requests.markRegistered(exitsOf(unanswered.filter(({publicKey}) => isRegistered(publicKey))));
    const toReopen = unanswered.filter(({publicKey}) => !isRegistered(publicKey));
    const signatures = await findDeposits(relayer, toReopen);
    await pMap(
      stale,
      async (request) => {
        const result = resultOf(request);
        if (result) await publishResult(relayer, request, configHash, result);
      },
      {concurrency: publishConcurrency},
    );
    if (toReopen.length === 0) continue;
    await reopen(relayer, toReopen, {signatures, now, configHash});
    logger.info(
      {oracles_config_hash: configHash, exits: exitsOf(toReopen).map(exitKeyOf)},
      "exits requested again for another oracle set",
    );
    return;
  }
}

/** Publishes the result, unless the exit was answered before the set was stored with it: its requesters have it already. */
async function publishResult(relayer: Relayer, request: StoredRequest, configHash: string, result: ExitResult): Promise<void> {
  const exit = exitOf(relayer, request);
  if (request.answeredFor !== undefined) {
    for (const id of request.requesters.keys()) await publishCompletion(relayer, toCompletion(exit, id, configHash, result));
  }
  await relayer.requests.markAnsweredFor(exit, configHash);
}

type Reopening = {readonly signatures: DepositSignatures; readonly now: number; readonly configHash: string};

/** Requests exits again on the orders that they stand on; those without one expire, and their operators have to order again. */
async function reopen(
  relayer: Relayer,
  stale: readonly StoredRequest[],
  {signatures, now, configHash}: Reopening,
): Promise<void> {
  const needed = stale.map(
    (request): Needed => ({
      request,
      needsExit: true,
      pending: findPending(exitOf(relayer, request), request.deposit, signatures),
    }),
  );
  const entriesOf = await findAsked(relayer, needed, now);
  const asked: AskedAgain[] = [];
  const orderless: ExpiringExit[] = [];
  for (const it of needed) {
    const {request} = it;
    const clusterId = findClusterId(relayer, request);
    const [first, ...others] = entriesOf.get(it) ?? [];
    if (clusterId === undefined) continue;
    if (first) asked.push({request, clusterId, entries: [first, ...others], dueAt: now + relayer.reissueAfterMs});
    else orderless.push({request, code: "ORDER_EXPIRED"});
  }
  const claim = ({request}: AskedAgain): Promise<boolean> =>
    relayer.requests.reopen(exitOf(relayer, request), now, relayer.reissueAfterMs);
  await askAgain(relayer, asked, {claim, now, configHash});
  await expireExits(relayer, orderless, "answered");
}
