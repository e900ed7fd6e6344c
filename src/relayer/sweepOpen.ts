import pMap from "p-map";
import {type ExitResult, toCompletion} from "../exits/completion.js";
import {depositKeyOf} from "../exits/depositId.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {AskedDeposit} from "../store/askedDeposit.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {closeDeposit, type DepositSignatures, findDeposits, findPending, toDepositId} from "./answerDeposit.js";
import {askAgain} from "./askAgain.js";
import {type AskedAgain, dueAfter} from "./askedAgain.js";
import {findAsked, type Needed} from "./findAsked.js";
import {closeUnneeded, findUnneeded} from "./findUnneeded.js";
import {publishRejections} from "./publishRejections.js";
import {exitOf, findClusterId, publishCompletion, publishConcurrency, type Relayer} from "./relayer.js";

const pageSize = 500;

/** Closes due exits that are answered, rejects those that have expired, and reissues the requests of the others. */
export async function sweepOpen(relayer: Relayer, now: number, signal: AbortSignal): Promise<void> {
  for await (const due of relayer.requests.findDue(relayer.network.name, now, pageSize)) {
    if (signal.aborted) return;
    await sweepPage(relayer, due, now);
  }
}

async function sweepPage(relayer: Relayer, due: readonly StoredRequest[], now: number): Promise<void> {
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
  const toReissue: Needed[] = [];
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
      if (now - request.openedAt < relayer.exitLifetimeMs) toReissue.push({request, needsExit: !result, pending});
      else if (result && pending) await expireDeposit(relayer, open, pending, "DEPOSIT_EXPIRED");
      else await expire(relayer, open, "EXIT_EXPIRED");
    },
    {concurrency: publishConcurrency},
  );
  await reissue(relayer, toReissue, {now, signatures, configHash});
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
async function expireDeposit(
  relayer: Relayer,
  {exit, signatures, configHash}: OpenExit,
  pending: AskedDeposit,
  code: "DEPOSIT_EXPIRED" | "ORDER_EXPIRED",
): Promise<void> {
  if (!(await relayer.requests.markDepositExpired(exit, configHash, pending))) return;
  relayer.logger.warn({code, deposits: [depositKeyOf(toDepositId(exit, pending))]}, "deposits expired");
  await closeDeposit(relayer, exit, pending, {signatures, otherwise: code});
}

/** Expires an exit together with its deposit: requesters of both stop waiting for either. */
async function expire(
  relayer: Relayer,
  {exit, request}: Pick<OpenExit, "exit" | "request">,
  code: "EXIT_EXPIRED" | "ORDER_EXPIRED",
): Promise<void> {
  if (!(await relayer.requests.markExpired(exit))) return;
  relayer.logger.warn({code, issues: request.issues, exits: [exitKeyOf(exit)]}, "exits expired");
  await publishRejections(relayer, exit, request.requesters, code);
}

type Reissuing = {readonly now: number} & Pick<OpenExit, "signatures" | "configHash">;

/**
 * Reissues requests on the orders that they stand on, each exit after twice the interval, and a last time when its lifetime or its order
 * ends. Those without an order expire.
 */
async function reissue(relayer: Relayer, needed: readonly Needed[], {now, signatures, configHash}: Reissuing): Promise<void> {
  const entriesOf = await findAsked(relayer, needed, now);
  const claim = ({request, dueAt}: Pick<AskedAgain, "request" | "dueAt">): Promise<boolean> =>
    relayer.requests.claimReissue(exitOf(relayer, request), request, {dueAt, reissuedAt: now});
  const asked: AskedAgain[] = [];
  const endings: (() => Promise<void>)[] = [];
  for (const it of needed) {
    const {request, needsExit, pending} = it;
    const exit = exitOf(relayer, request);
    const clusterId = findClusterId(relayer, request);
    const entries = entriesOf.get(it) ?? [];
    const [first, ...others] = entries;
    const dueAt = dueAfter(relayer, {request, entries, issues: request.issues + 1}, now);
    if (clusterId === undefined) {
      endings.push(async () => {
        if (!(await relayer.requests.claimReissue(exit, request, {dueAt}))) return;
        relayer.logger.warn(
          {issues: request.issues + 1, exits: [exitKeyOf(exit)]},
          "exits not reissued: no operator that participants.json allows asked for them",
        );
      });
    } else if (first) asked.push({request, clusterId, entries: [first, ...others], dueAt});
    else if (needsExit || !pending) endings.push(() => expire(relayer, {exit, request}, "ORDER_EXPIRED"));
    else endings.push(() => expireDeposit(relayer, {exit, request, pending, signatures, configHash}, pending, "ORDER_EXPIRED"));
  }
  await pMap(endings, (end) => end(), {concurrency: publishConcurrency});
  await askAgain(relayer, asked, {claim, now, configHash});
}
