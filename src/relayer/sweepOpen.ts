import pMap from "p-map";
import {type ExitResult, toCompletion} from "../exits/completion.js";
import {depositKeyOf} from "../exits/depositId.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {AskedDeposit} from "../store/askedDeposit.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {closeDeposit, findDeposits, findPending, type Signatures, toDepositId} from "./answerDeposit.js";
import {closeUnneeded, findUnneeded} from "./findUnneeded.js";
import {publishRejections} from "./publishRejections.js";
import {exitOf, findClusterId, publishCompletion, publishConcurrency, publishExitRequest, type Relayer} from "./relayer.js";

const pageSize = 500;

/** Looks after the exits that stayed open: closes what was answered, rejects what has expired, asks again for the rest. */
export async function sweepOpen(relayer: Relayer, now: number, signal: AbortSignal): Promise<void> {
  for await (const due of relayer.requests.findDue(relayer.network.name, now, pageSize)) {
    if (signal.aborted) return;
    const {configHash} = relayer.oracles.current();
    const [results, signatures] = await Promise.all([
      relayer.exits.findResults(
        due.map((head) => exitOf(relayer, head)),
        configHash,
      ),
      findDeposits(relayer, due),
    ]);
    const unanswered = due.filter((head) => !results.has(exitKeyOf(exitOf(relayer, head))));
    const left = await findUnneeded(relayer, unanswered, configHash);
    await pMap(
      due,
      async (head) => {
        const exit = exitOf(relayer, head);
        const answeredFor = left.get(exitKeyOf(exit));
        if (answeredFor !== undefined) return closeUnneeded(relayer, {exit, head, answeredFor});
        const result = results.get(exitKeyOf(exit));
        const pending = findPending(exit, head.deposit, signatures);
        const open = {exit, head, pending, signatures, configHash};
        if (result && !pending) return close(relayer, open, result);
        if (now - head.openedAt < relayer.exitLifetimeMs) return reissue(relayer, open, now);
        return result && pending ? expireDeposit(relayer, open, pending) : expire(relayer, open);
      },
      {concurrency: publishConcurrency},
    );
  }
}

type Open = {
  exit: ExitId;
  head: StoredRequest;
  pending: AskedDeposit | undefined;
  signatures: Signatures;
  /** Of the oracle set that its result is for. */
  configHash: string;
};

/** Its completion is said once more: whoever still waits for it has missed it. */
async function close(relayer: Relayer, {exit, head, signatures, configHash}: Open, result: ExitResult): Promise<void> {
  if (!(await relayer.requests.markAnswered(exit, configHash, head.deposit))) return;
  for (const operatorId of head.askers.keys()) {
    await publishCompletion(relayer, toCompletion(exit, operatorId, configHash, result));
  }
  if (head.deposit) await closeDeposit(relayer, exit, head.deposit, {signatures, otherwise: "DEPOSIT_EXPIRED"});
}

/** The exit was answered; of the deposit nothing more is to be expected. */
async function expireDeposit(relayer: Relayer, {exit, signatures, configHash}: Open, pending: AskedDeposit): Promise<void> {
  if (!(await relayer.requests.markDepositExpired(exit, configHash, pending))) return;
  relayer.logger.warn({deposit: depositKeyOf(toDepositId(exit, pending))}, "deposit expired");
  await closeDeposit(relayer, exit, pending, {signatures, otherwise: "DEPOSIT_EXPIRED"});
}

/** Its deposit goes with it: who asked for both waits for neither. */
async function expire(relayer: Relayer, {exit, head}: Open): Promise<void> {
  if (!(await relayer.requests.markExpired(exit))) return;
  relayer.logger.warn({exit: exitKeyOf(exit), issues: head.issues}, "exit expired");
  await publishRejections(relayer, exit, head.askers, "EXIT_EXPIRED");
}

/** Every time twice as late as before, and once more when its lifetime ends. */
async function reissue(relayer: Relayer, {exit, head, pending}: Open, now: number): Promise<void> {
  const nextDueAt = Math.min(now + relayer.reissueAfterMs * 2 ** head.issues, head.openedAt + relayer.exitLifetimeMs);
  if (!(await relayer.requests.claimReissue(exit, head, nextDueAt))) return;
  const clusterId = findClusterId(relayer, head);
  const about = {exit: exitKeyOf(exit), issues: head.issues + 1};
  if (clusterId === undefined) {
    relayer.logger.warn(about, "exit request not issued again: by participants.json nobody asked who may");
    return;
  }
  relayer.logger.info({...about, cluster_id: clusterId}, "exit request issued again");
  await publishExitRequest(relayer, {
    ...{exit, clusterId, requestedAt: head.requestedAt, dueAt: nextDueAt},
    deposit: pending?.deposit,
  });
}
