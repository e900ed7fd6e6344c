import {batchRejection} from "../../schemas/batchRejection.js";
import {type ExitCompletion, exitCompletion} from "../../schemas/exitCompletion.js";
import type {PublicKey} from "../bls/curve.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {assertResult} from "./assertResult.js";
import type {CompletionContext} from "./completionContext.js";
import {handleDepositCompletion} from "./handleDepositCompletion.js";
import {takeRejection} from "./takeRejection.js";

/** Handles one message of COMPLETIONS: takes it if it belongs to this request. */
export function handleCompletion(context: CompletionContext, delivery: Delivery): string {
  const {subject, data} = delivery;
  const {awaited, network, batches} = context;
  if (subject.split(".")[2] === "deposit_completions") return handleDepositCompletion(context, delivery);
  if (subject.split(".").at(-2) === "batch") {
    const {batch_id, code, reason} = decode(batchRejection, subject, data);
    const {exits = [], requestedAt = 0} = batches.get(batch_id) ?? {};
    const taken = exits.filter(awaited.isOpen).map((exit) => takeRejection(context, exit, {requestedAt, code, reason}));
    return taken.some((outcome) => outcome !== "stale") ? "batch rejected" : "not ours";
  }
  const completion = decode(exitCompletion, subject, data);
  const exit = {network, publicKey: completion.public_key, validatorIndex: completion.validator_index};
  if (completion.network !== network.name || !awaited.isOpen(exit)) return "not awaited";
  if (completion.status === "rejected") {
    const {requested_at: requestedAt, code, reason} = completion;
    return takeRejection(context, exit, {requestedAt, code, reason});
  }
  return awaited.isResultOpen(exit) ? complete(context, exit, completion) : "not awaited";
}

function complete(
  {awaited, oracles, publicKeys, aggregatorNkey, forOtherSet}: CompletionContext,
  exit: ExitId,
  {oracles_config_hash, oracles_exit_signature_shares: result, aggregator_signature}: ExitCompletion & {status: "completed"},
): string {
  const oracleSet = oracles.current();
  if (oracles_config_hash !== oracleSet.configHash) {
    forOtherSet.add({oracles_config_hash, exit: exitKeyOf(exit)});
    return "other oracle set";
  }
  const publicKey = publicKeys.get(exit.publicKey) as PublicKey;
  assertResult({oracleSet, aggregatorNkey}, exit, publicKey, {...result, aggregator_signature});
  awaited.complete({exit, oraclesConfigHash: oracles_config_hash, result});
  return "completed";
}
