import pMap from "p-map";
import {type ExitResult, toCompletion} from "../exits/completion.js";
import {depositKeyOf} from "../exits/depositId.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {AskedDeposit} from "../store/askedDeposit.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {closeDeposit, type DepositSignatures, findDeposits, findPending, toDepositId} from "./answerDeposit.js";
import {closeUnneeded, findUnneeded} from "./findUnneeded.js";
import {publishRejections} from "./publishRejections.js";
import {exitOf, findClusterId, publishCompletion, publishConcurrency, publishExitRequest, type Relayer} from "./relayer.js";

const pageSize = 500;

/** Closes due exits that are answered, rejects those that have expired, and reissues the requests of the others. */
export async function sweepOpen(relayer: Relayer, now: number, signal: AbortSignal): Promise<void> {
  for await (const due of relayer.requests.findDue(relayer.network.name, now, pageSize)) {
    if (signal.aborted) return;
    const {configHash} = relayer.oracles.current();
    const [results, signatures] = await Promise.all([
      relayer.exits.findResults(
        due.map((request) => exitOf(relayer, request)),
        configHash,
      ),
      findDeposits(relayer, due),
    ]);
    const unanswered = due.filter((request) => !results.has(exitKeyOf(exitOf(relayer, request))));
    const unneeded = await findUnneeded(relayer, unanswered, configHash);
    await pMap(
      due,
      async (request) => {
        const exit = exitOf(relayer, request);
        const answeredFor = unneeded.get(exitKeyOf(exit));
        if (answeredFor !== undefined) return closeUnneeded(relayer, {exit, request, answeredFor});
        const result = results.get(exitKeyOf(exit));
        const pending = findPending(exit, request.deposit, signatures);
        const open = {exit, request, pending, signatures, configHash};
        if (result && !pending) return close(relayer, open, result);
        if (now - request.openedAt < relayer.exitLifetimeMs) return reissue(relayer, open, now);
        return result && pending ? expireDeposit(relayer, open, pending) : expire(relayer, open);
      },
      {concurrency: publishConcurrency},
    );
  }
}

type OpenExit = {
  exit: ExitId;
  request: StoredRequest;
  pending: AskedDeposit | undefined;
  signatures: DepositSignatures;
  /** The current oracle set's. */
  configHash: string;
};

/** Publishes the completion once more: a requester that still waits has missed it. */
async function close(relayer: Relayer, {exit, request, signatures, configHash}: OpenExit, result: ExitResult): Promise<void> {
  if (!(await relayer.requests.markAnswered(exit, configHash, request.deposit))) return;
  for (const operatorId of request.requesters.keys()) {
    await publishCompletion(relayer, toCompletion(exit, operatorId, configHash, result));
  }
  if (request.deposit) await closeDeposit(relayer, exit, request.deposit, {signatures, otherwise: "DEPOSIT_EXPIRED"});
}

/** Expires the deposit of an exit that is answered. */
async function expireDeposit(relayer: Relayer, {exit, signatures, configHash}: OpenExit, pending: AskedDeposit): Promise<void> {
  if (!(await relayer.requests.markDepositExpired(exit, configHash, pending))) return;
  relayer.logger.warn({deposit: depositKeyOf(toDepositId(exit, pending))}, "deposit expired");
  await closeDeposit(relayer, exit, pending, {signatures, otherwise: "DEPOSIT_EXPIRED"});
}

/** Expires an exit together with its deposit: requesters of both stop waiting for either. */
async function expire(relayer: Relayer, {exit, request}: OpenExit): Promise<void> {
  if (!(await relayer.requests.markExpired(exit))) return;
  relayer.logger.warn({exit: exitKeyOf(exit), issues: request.issues}, "exit expired");
  await publishRejections(relayer, exit, request.requesters, "EXIT_EXPIRED");
}

/** Reissues the request, each time after twice the interval, and a last time when the exit's lifetime ends. */
async function reissue(relayer: Relayer, {exit, request, pending}: OpenExit, now: number): Promise<void> {
  const nextDueAt = Math.min(now + relayer.reissueAfterMs * 2 ** request.issues, request.openedAt + relayer.exitLifetimeMs);
  if (!(await relayer.requests.claimReissue(exit, request, nextDueAt))) return;
  const clusterId = findClusterId(relayer, request);
  const about = {exit: exitKeyOf(exit), issues: request.issues + 1};
  if (clusterId === undefined) {
    relayer.logger.warn(about, "exit request not reissued: no operator that participants.json allows asked for the exit");
    return;
  }
  relayer.logger.info({...about, cluster_id: clusterId}, "exit request reissued");
  await publishExitRequest(relayer, {
    exit,
    clusterId,
    requestedAt: request.requestedAt,
    dueAt: nextDueAt,
    deposit: pending?.deposit,
  });
}
