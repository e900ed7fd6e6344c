import pMap from "p-map";
import {depositKeyOf} from "../exits/depositId.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {logTogether} from "../runtime/logTogether.js";
import type {AskedDeposit} from "../store/askedDeposit.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {closeDeposit, type DepositSignatures, toDepositId} from "./answerDeposit.js";
import {publishRejections} from "./publishRejections.js";
import {exitOf, findClusterId, publishConcurrency, type Relayer} from "./relayer.js";

type Expiring<Code> = {readonly request: StoredRequest; readonly code: Code};
/** An exit that is to expire, and why. */
export type ExpiringExit = Expiring<"EXIT_EXPIRED" | "ORDER_EXPIRED">;
/** A pending deposit of an exit that is answered, and why it is to expire. */
export type ExpiringDeposit = Expiring<"DEPOSIT_EXPIRED" | "ORDER_EXPIRED"> & {readonly pending: AskedDeposit};

/** Expires exits that are in this state, with their deposits: requesters of both stop waiting for either. */
export async function expireExits(
  relayer: Relayer,
  expiring: readonly ExpiringExit[],
  state: "open" | "answered" = "open",
): Promise<void> {
  const expired = await keepMarked(relayer, expiring, (exit) => relayer.requests.markExpired(exit, state));
  logTogether(
    expired.map(({request, code, exit}) => ({...aboutExpired(relayer, request, code), exit: exitKeyOf(exit)})),
    (fields) => relayer.logger.warn(fields, "exits expired"),
  );
  await pMap(expired, ({exit, request, code}) => publishRejections(relayer, exit, request.requesters, code), {
    concurrency: publishConcurrency,
  });
}

/** Expires deposits whose exits are answered. */
export async function expireDeposits(
  relayer: Relayer,
  expiring: readonly ExpiringDeposit[],
  {signatures, configHash}: {readonly signatures: DepositSignatures; readonly configHash: string},
): Promise<void> {
  const expired = await keepMarked(relayer, expiring, (exit, {pending}) =>
    relayer.requests.markDepositExpired(exit, configHash, pending),
  );
  logTogether(
    expired.map(({request, code, exit, pending}) => ({
      ...aboutExpired(relayer, request, code),
      exit: depositKeyOf(toDepositId(exit, pending)),
    })),
    ({exits: deposits, ...fields}) => relayer.logger.warn({...fields, deposits}, "deposits expired"),
  );
  await pMap(expired, ({exit, pending, code}) => closeDeposit(relayer, exit, pending, {signatures, otherwise: code}), {
    concurrency: publishConcurrency,
  });
}

/** Those that are marked now: another relayer may have been first, or a new order came. */
async function keepMarked<T extends Expiring<string>>(
  relayer: Relayer,
  expiring: readonly T[],
  mark: (exit: ExitId, it: T) => Promise<boolean>,
): Promise<(T & {exit: ExitId})[]> {
  const marked = await pMap(
    expiring,
    async (it) => {
      const exit = exitOf(relayer, it.request);
      return (await mark(exit, it)) ? [{...it, exit}] : [];
    },
    {concurrency: publishConcurrency},
  );
  return marked.flat();
}

const aboutExpired = (relayer: Relayer, request: StoredRequest, code: string) => ({
  code,
  cluster_id: findClusterId(relayer, request),
  issues: request.issues,
});
