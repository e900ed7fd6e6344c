import pMap from "p-map";
import type {DepositCompletion} from "../../schemas/depositCompletion.js";
import {toDepositCompletion, toDepositRejection} from "../exits/depositCompletion.js";
import {type DepositId, depositKeyOf, isSameDeposit} from "../exits/depositId.js";
import type {ExitId} from "../exits/exitId.js";
import type {AskedDeposit, DepositClaim} from "../store/askedDeposit.js";
import type {Claim} from "../store/claims.js";
import type {Ask, StoredRequest} from "../store/requestDocument.js";
import {exitOf, publishConcurrency, publishDepositCompletion, type Relayer} from "./relayer.js";

/** Signatures of deposits, by deposit key. */
export type DepositSignatures = ReadonlyMap<string, string>;

type ValidatorKey = Pick<ExitId, "network" | "publicKey">;

/** The id of a deposit that was asked for with an exit. */
export const toDepositId = ({network, publicKey}: ValidatorKey, {deposit}: Pick<AskedDeposit, "deposit">): DepositId => ({
  network,
  publicKey,
  deposit,
});

/** The deposits that a claim concerns: asked for now, current, and replaced. */
export function depositsOf({exit, deposit}: Ask, claim: Claim): DepositId[] {
  const claimed = "deposit" in claim ? [claim.deposit, claim.replaced] : [];
  return [deposit && {deposit}, ...claimed].flatMap((it) => (it ? [toDepositId(exit, it)] : []));
}

/** The signatures of the requests' deposits, as far as they exist. */
export const findDeposits = (relayer: Relayer, requests: readonly StoredRequest[]): Promise<DepositSignatures> =>
  relayer.deposits.findSignatures(
    requests.flatMap((request) => (request.deposit ? [toDepositId(exitOf(relayer, request), request.deposit)] : [])),
  );

/** The deposit that sidecars have yet to sign with the exit: neither signed nor expired. */
export function findPending(
  exit: ValidatorKey,
  asked: AskedDeposit | undefined,
  signatures: DepositSignatures,
): AskedDeposit | undefined {
  return asked && !asked.isExpired && !signatures.has(depositKeyOf(toDepositId(exit, asked))) ? asked : undefined;
}

/** Publishes what is known of a deposit already to its requester, and to the requesters of the deposit that it replaced. */
export async function answerDeposit(
  relayer: Relayer,
  {exit, operatorId, requestedAt, orderId, deposit}: Ask,
  {deposit: current, replaced}: DepositClaim,
  signatures: DepositSignatures,
): Promise<void> {
  if (!deposit) return;
  const isCurrent = current !== undefined && isSameDeposit(current.deposit, deposit);
  if (!isCurrent || current.isExpired || signatures.has(depositKeyOf(toDepositId(exit, {deposit})))) {
    const asked = {deposit, requesters: new Map([[operatorId, {requestedAt, orderId}]])};
    await closeDeposit(relayer, exit, asked, {signatures, otherwise: isCurrent ? "DEPOSIT_EXPIRED" : "DEPOSIT_SUPERSEDED"});
  }
  if (replaced) await closeDeposit(relayer, exit, replaced, {signatures, otherwise: "DEPOSIT_SUPERSEDED"});
}

type ClosingOptions = {
  signatures: DepositSignatures;
  otherwise: "DEPOSIT_SUPERSEDED" | "DEPOSIT_EXPIRED" | "ORDER_EXPIRED";
};

/** Publishes the signature, or why there will be none, to every requester; a signature last, for the stream keeps the last message. */
export async function closeDeposit(
  relayer: Relayer,
  exit: ValidatorKey,
  asked: Pick<AskedDeposit, "deposit" | "requesters">,
  {signatures, otherwise}: ClosingOptions,
): Promise<void> {
  const id = toDepositId(exit, asked);
  const key = depositKeyOf(id);
  const publishAll = (completionOf: (operatorId: string, requestedAt: number) => DepositCompletion): Promise<unknown> =>
    pMap(
      asked.requesters,
      ([operatorId, {requestedAt}]) => publishDepositCompletion(relayer, completionOf(operatorId, requestedAt)),
      {concurrency: publishConcurrency},
    );
  const known = signatures.get(key);
  if (!known) await publishAll((operatorId, requestedAt) => toDepositRejection(id, operatorId, requestedAt, otherwise));
  // The aggregator may have stored it meanwhile.
  const signature = known ?? (await relayer.deposits.findSignatures([id])).get(key);
  if (signature) await publishAll((operatorId) => toDepositCompletion(id, operatorId, signature));
}
