import pMap from "p-map";
import type {DepositCompletion} from "../../schemas/depositCompletion.js";
import {toDepositCompletion, toDepositRejection} from "../exits/depositCompletion.js";
import {type DepositId, depositKeyOf, isSameDeposit} from "../exits/depositId.js";
import type {ExitId} from "../exits/exitId.js";
import type {AskedDeposit, DepositClaim} from "../store/askedDeposit.js";
import type {Claim} from "../store/claims.js";
import type {Ask, StoredRequest} from "../store/requestDocument.js";
import {exitOf, publishConcurrency, publishDepositCompletion, type Relayer} from "./relayer.js";

/** By deposit key, those that are signed. */
export type Signatures = ReadonlyMap<string, string>;

type OfKey = Pick<ExitId, "network" | "publicKey">;

export const toDepositId = ({network, publicKey}: OfKey, {deposit}: Pick<AskedDeposit, "deposit">): DepositId => ({
  network,
  publicKey,
  deposit,
});

/** The deposits that have to do with a claim: asked for now, current, replaced. */
export function depositsOf({exit, deposit}: Ask, claim: Claim): DepositId[] {
  const claimed = "deposit" in claim ? [claim.deposit, claim.replaced] : [];
  return [deposit && {deposit}, ...claimed].flatMap((it) => (it ? [toDepositId(exit, it)] : []));
}

/** By deposit key, those of the heads' deposits that are signed. */
export const findDeposits = (relayer: Relayer, heads: readonly StoredRequest[]): Promise<Signatures> =>
  relayer.deposits.findSignatures(
    heads.flatMap((head) => (head.deposit ? [toDepositId(exitOf(relayer, head), head.deposit)] : [])),
  );

/** The deposit that sidecars have to sign with the exit: neither signed nor given up. */
export function findPending(exit: OfKey, asked: AskedDeposit | undefined, signatures: Signatures): AskedDeposit | undefined {
  return asked && !asked.isExpired && !signatures.has(depositKeyOf(toDepositId(exit, asked))) ? asked : undefined;
}

/** Tells who asked what is known of a deposit already, and those whose deposit it replaced. */
export async function answerDeposit(
  relayer: Relayer,
  {exit, operatorId, requestedAt, deposit}: Ask,
  {deposit: current, replaced}: DepositClaim,
  signatures: Signatures,
): Promise<void> {
  if (!deposit) return;
  const isCurrent = current !== undefined && isSameDeposit(current.deposit, deposit);
  if (!isCurrent || current.isExpired || signatures.has(depositKeyOf(toDepositId(exit, {deposit})))) {
    const own = {deposit, askers: new Map([[operatorId, requestedAt]])};
    await closeDeposit(relayer, exit, own, {signatures, otherwise: isCurrent ? "DEPOSIT_EXPIRED" : "DEPOSIT_SUPERSEDED"});
  }
  if (replaced) await closeDeposit(relayer, exit, replaced, {signatures, otherwise: "DEPOSIT_SUPERSEDED"});
}

type Closing = {signatures: Signatures; otherwise: "DEPOSIT_SUPERSEDED" | "DEPOSIT_EXPIRED"};

/** Tells everybody who asked for it: the signature, or why there will be none; or both, for the stream keeps what was said last. */
export async function closeDeposit(
  relayer: Relayer,
  exit: OfKey,
  asked: Pick<AskedDeposit, "deposit" | "askers">,
  {signatures, otherwise}: Closing,
): Promise<void> {
  const id = toDepositId(exit, asked);
  const key = depositKeyOf(id);
  const tell = (answerOf: (operatorId: string, requestedAt: number) => DepositCompletion): Promise<unknown> =>
    pMap(asked.askers, (asker) => publishDepositCompletion(relayer, answerOf(...asker)), {concurrency: publishConcurrency});
  const known = signatures.get(key);
  if (!known) await tell((operatorId, requestedAt) => toDepositRejection(id, operatorId, requestedAt, otherwise));
  // The aggregator may have written it meanwhile.
  const signature = known ?? (await relayer.deposits.findSignatures([id])).get(key);
  if (signature) await tell((operatorId) => toDepositCompletion(id, operatorId, signature));
}
