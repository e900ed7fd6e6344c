import pMap from "p-map";
import {type ExitResult, toCompletion} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {logTogether} from "../runtime/logTogether.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {closeDeposit, type DepositSignatures, findDeposits, findPending} from "./answerDeposit.js";
import {askAgain} from "./askAgain.js";
import {type AskedAgain, dueAfter} from "./askedAgain.js";
import {type ExpiringDeposit, type ExpiringExit, expireDeposits, expireExits} from "./expireExits.js";
import {findAsked, type Needed} from "./findAsked.js";
import {closeUnneeded, findUnneeded} from "./findUnneeded.js";
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
  const exits: ExpiringExit[] = [];
  const deposits: ExpiringDeposit[] = [];
  await pMap(
    due,
    async (request) => {
      const exit = exitOf(relayer, request);
      const answeredFor = unneeded.get(exitKeyOf(exit));
      if (answeredFor !== undefined) return closeUnneeded(relayer, {exit, request, answeredFor});
      const result = results.get(exitKeyOf(exit));
      const pending = findPending(exit, request.deposit, signatures);
      if (result && !pending) return close(relayer, {exit, request, signatures, configHash}, result);
      if (now - request.openedAt < relayer.exitLifetimeMs) toReissue.push({request, needsExit: !result, pending});
      else if (result && pending) deposits.push({request, pending, code: "DEPOSIT_EXPIRED"});
      else exits.push({request, code: "EXIT_EXPIRED"});
    },
    {concurrency: publishConcurrency},
  );
  await expireExits(relayer, exits);
  await expireDeposits(relayer, deposits, {signatures, configHash});
  await reissue(relayer, toReissue, {now, signatures, configHash});
}

type OpenExit = {
  exit: ExitId;
  request: StoredRequest;
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
  const exits: ExpiringExit[] = [];
  const deposits: ExpiringDeposit[] = [];
  const unasked: Postponed[] = [];
  for (const it of needed) {
    const {request, needsExit, pending} = it;
    const clusterId = findClusterId(relayer, request);
    const entries = entriesOf.get(it) ?? [];
    const [first, ...others] = entries;
    const dueAt = dueAfter(relayer, {request, entries, issues: request.issues + 1}, now);
    if (clusterId === undefined) unasked.push({request, dueAt});
    else if (first) asked.push({request, clusterId, entries: [first, ...others], dueAt});
    else if (needsExit || !pending) exits.push({request, code: "ORDER_EXPIRED"});
    else deposits.push({request, pending, code: "ORDER_EXPIRED"});
  }
  await postpone(relayer, unasked);
  await expireExits(relayer, exits);
  await expireDeposits(relayer, deposits, {signatures, configHash});
  await askAgain(relayer, asked, {claim, now, configHash});
}

type Postponed = Pick<AskedAgain, "request" | "dueAt">;

/** Leaves exits open that nobody may ask for now: participants.json may change again. */
async function postpone(relayer: Relayer, unasked: readonly Postponed[]): Promise<void> {
  const claimed = await pMap(
    unasked,
    async ({request, dueAt}) => {
      const exit = exitOf(relayer, request);
      const isClaimed = await relayer.requests.claimReissue(exit, request, {dueAt});
      return isClaimed ? [{issues: request.issues + 1, exit: exitKeyOf(exit)}] : [];
    },
    {concurrency: publishConcurrency},
  );
  logTogether(claimed.flat(), (fields) =>
    relayer.logger.warn(fields, "exits not reissued: no operator that participants.json allows asked for them"),
  );
}
