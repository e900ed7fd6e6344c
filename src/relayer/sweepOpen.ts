import pMap from "p-map";
import {type ExitResult, toCompletion} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {toRejection} from "../exits/rejections.js";
import type {Head} from "../store/requests.js";
import {publishCompletion, publishConcurrency, publishExitRequest, type Relayer} from "./relayer.js";

const pageSize = 500;

/** Looks after the exits that stayed open: closes what was answered, rejects what has expired, asks again for the rest. */
export async function sweepOpen(relayer: Relayer, now: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const due = await relayer.requests.findDue(relayer.network.name, now, pageSize);
    if (due.length === 0 || signal.aborted) return;
    const exitOf = ({publicKey, validatorIndex}: Head): ExitId => ({network: relayer.network, publicKey, validatorIndex});
    const results = await relayer.exits.findResults(due.map(exitOf), relayer.oracleSet.configHash);
    await pMap(
      due,
      async (head) => {
        const exit = exitOf(head);
        const result = results.get(exitKeyOf(exit));
        if (result) return close(relayer, exit, head, result);
        if (now - head.openedAt >= relayer.exitLifetimeMs) return expire(relayer, exit, head);
        return reissue(relayer, exit, head, now);
      },
      {concurrency: publishConcurrency},
    );
    if (due.length < pageSize) return;
  }
}

/** Its completion is said once more: whoever still waits for it has missed it. */
async function close(relayer: Relayer, exit: ExitId, head: Head, result: ExitResult): Promise<void> {
  if (!(await relayer.requests.markAnswered(exit))) return;
  for (const operatorId of head.operatorIds) {
    await publishCompletion(relayer, toCompletion(exit, operatorId, relayer.oracleSet.configHash, result));
  }
}

async function expire(relayer: Relayer, exit: ExitId, head: Head): Promise<void> {
  if (!(await relayer.requests.markExpired(exit))) return;
  relayer.logger.warn({exit: exitKeyOf(exit), cluster_id: head.clusterId, issues: head.issues}, "exit expired");
  for (const operatorId of head.operatorIds)
    await publishCompletion(relayer, toRejection(exit, operatorId, head.requestedAt, "EXIT_EXPIRED"));
}

/** Every time twice as late as before, and once more when its lifetime ends. */
async function reissue(relayer: Relayer, exit: ExitId, head: Head, now: number): Promise<void> {
  const nextDueAt = Math.min(now + relayer.reissueAfterMs * 2 ** head.issues, head.openedAt + relayer.exitLifetimeMs);
  if (!(await relayer.requests.claimReissue(exit, head, nextDueAt))) return;
  relayer.logger.info({exit: exitKeyOf(exit), cluster_id: head.clusterId, issues: head.issues + 1}, "exit request issued again");
  await publishExitRequest(relayer, exit, head.clusterId, head.requestedAt);
}
