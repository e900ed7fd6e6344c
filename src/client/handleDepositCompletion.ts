import {depositCompletion} from "../../schemas/depositCompletion.js";
import {DvtError} from "../errors.js";
import {type DepositId, depositKeyOf, depositRootOf} from "../exits/depositId.js";
import {verifyShare} from "../exits/recoverExit.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {fromHex} from "../runtime/hex.js";
import type {CompletionContext} from "./completionContext.js";
import {takeRejection} from "./takeRejection.js";

/** Handles a completion of a deposit: takes it if it belongs to this request. */
export function handleDepositCompletion(context: CompletionContext, {subject, data}: Delivery): string {
  const {awaited, network, publicKeys} = context;
  const completion = decode(depositCompletion, subject, data);
  const id: DepositId = {network, publicKey: completion.public_key, deposit: completion.deposit};
  const exit = completion.network === network.name ? awaited.findByDeposit(id) : undefined;
  if (!exit) return "not awaited";
  if (completion.status === "rejected") {
    const {requested_at: requestedAt, code, reason} = completion;
    return takeRejection(context, exit, {requestedAt, code, reason});
  }
  const publicKey = publicKeys.get(id.publicKey);
  // [TERMINATE] Accepted from any publisher, because it must be the validator's signature of this very deposit.
  if (!publicKey || !verifyShare(publicKey, depositRootOf(id), fromHex(completion.signature))) {
    throw new DvtError("COMPLETION_INVALID", `check ${depositKeyOf(id)}: its signature is not the validator's`);
  }
  awaited.completeDeposit(exit, completion.signature);
  return "completed";
}
