import type {Deposit} from "../../schemas/deposit.js";
import type {OrderEntry} from "../../schemas/order.js";
import type {RefusedDeposit, RefusedExit} from "../answers/createAnswers.js";
import {type DepositId, depositKeyOf, withdrawalCredentialsOf} from "../exits/depositId.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {SignedDeposit} from "../exits/toDepositShare.js";
import type {SignedExit} from "../exits/toExitShare.js";
import {type Decision, type Refusal, refusalOfSigner} from "../policy/refusals.js";
import {logTogether} from "../runtime/logTogether.js";
import {yieldToEventLoop} from "../runtime/yieldToEventLoop.js";
import type {Sidecar} from "./sidecar.js";

/** The answer to one entry of an order: about its exit, and about its deposit if it has one. */
export type EntryAnswer = {
  readonly exit: SignedExit | RefusedExit;
  readonly deposit: SignedDeposit | RefusedDeposit | undefined;
};

/** Signs an exit that was ordered, and its deposit, if this sidecar's policies allow them. */
export async function answerEntry(sidecar: Sidecar, entry: OrderEntry, requestedAt: number): Promise<EntryAnswer> {
  const {network, policy} = sidecar;
  const exit = {network, publicKey: entry.public_key, validatorIndex: entry.validator_index};
  const decision = await policy.decide({...exit, rotation: entry.rotation}, sidecar.now());
  const signature = decision.outcome === "refuse" ? decision : await signExit(sidecar, exit);
  const refuse = ({code, reason}: Refusal) => ({requestedAt, code, reason});
  return {
    exit: "outcome" in signature ? {exit, ...refuse(signature)} : {exit, signature},
    deposit: entry.deposit && (await answerDeposit(sidecar, exit, entry.deposit, {requestedAt, decision})),
  };
}

async function signExit({keyShares}: Sidecar, exit: ExitId): Promise<Uint8Array | Refusal> {
  // Decisions that were written together continue together: each signature gets a turn of its own.
  await yieldToEventLoop();
  return keyShares.sign(exit).catch(refusalOfSigner);
}

/** A deposit is refused for the reason of its exit, if that was. */
async function answerDeposit(
  {network, keyShares, depositPolicy}: Sidecar,
  {publicKey}: ExitId,
  deposit: Deposit,
  {requestedAt, decision: ofExit}: {requestedAt: number; decision: Decision},
): Promise<SignedDeposit | RefusedDeposit> {
  const id: DepositId = {network, publicKey, deposit};
  const decision = ofExit.outcome === "refuse" ? ofExit : await depositPolicy.decide(id);
  const signature = decision.outcome === "refuse" ? decision : await signDeposit();
  if ("outcome" in signature) return {id, requestedAt, code: signature.code, reason: signature.reason};
  return {id, signature};

  async function signDeposit(): Promise<Uint8Array | Refusal> {
    const withdrawalCredentials = withdrawalCredentialsOf(deposit);
    const message = {network, publicKey, withdrawalCredentials, amount: BigInt(deposit.amount)};
    return keyShares.signDeposit(message).catch(refusalOfSigner);
  }
}

/** Logs the answers to an order, and publishes them. */
export async function publishAnswers(sidecar: Sidecar, order: string, answers: readonly EntryAnswer[]): Promise<void> {
  const {logger, answers: outgoing} = sidecar;
  const about = {order, cluster_id: sidecar.clusterId, share_index: sidecar.keyShares.shareIndex};
  const exits = answers.map(({exit}) => exit);
  const deposits = answers.flatMap(({deposit}) => deposit ?? []);
  const signedExits = exits.filter((it) => "signature" in it);
  const refusedExits = exits.filter((it) => "code" in it);
  const signedDeposits = deposits.filter((it) => "signature" in it);
  const refusedDeposits = deposits.filter((it) => "code" in it);
  if (signedExits.length > 0) logger.info({...about, exits: signedExits.map(({exit}) => exitKeyOf(exit))}, "exits signed");
  if (signedDeposits.length > 0)
    logger.info({...about, deposits: signedDeposits.map(({id}) => depositKeyOf(id))}, "deposits signed");
  logTogether(
    refusedExits.map(({exit, code, reason}) => ({...about, code, reason, exit: exitKeyOf(exit)})),
    (fields) => logger.info(fields, "exits refused"),
  );
  logTogether(
    refusedDeposits.map(({id, code, reason}) => ({...about, code, reason, exit: depositKeyOf(id)})),
    ({exits: deposits, ...fields}) => logger.info({...fields, deposits}, "deposits refused"),
  );
  await Promise.all([
    outgoing.exitShares(signedExits),
    outgoing.exitRefusals(refusedExits),
    outgoing.depositShares(signedDeposits),
    outgoing.depositRefusals(refusedDeposits),
  ]);
}
