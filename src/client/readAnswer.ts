import {batchRejection} from "../../schemas/batchRejection.js";
import {type ExitCompletion, exitCompletion} from "../../schemas/exitCompletion.js";
import type {PublicKey} from "../bls/curve.js";
import {DvtError} from "../errors.js";
import {areShardsOf} from "../exits/checkShards.js";
import {resultBytes} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {isSignedBy} from "../messaging/identity.js";
import {fromHex} from "../runtime/hex.js";
import type {Answers} from "./answers.js";
import {readDepositAnswer} from "./readDepositAnswer.js";

/** Takes one message from COMPLETIONS, and notes the answer if it is to something we asked. */
export function readAnswer(answers: Answers, delivery: Delivery): string {
  const {subject, data} = delivery;
  const {awaited, network, batches} = answers;
  if (subject.split(".")[2] === "deposit_completions") return readDepositAnswer(answers, delivery);
  if (subject.split(".").at(-2) === "batch") {
    const {batch_id, code, reason} = decode(batchRejection, subject, data);
    const exits = batches.get(batch_id)?.filter(awaited.isOpen) ?? [];
    for (const exit of exits) awaited.reject({exit, code, reason});
    return exits.length > 0 ? "batch rejected" : "not ours";
  }
  const completion = decode(exitCompletion, subject, data);
  const exit = {network, publicKey: completion.public_key, validatorIndex: completion.validator_index};
  if (completion.network !== network.name || !awaited.isOpen(exit)) return "not awaited";
  if (completion.status === "rejected") {
    // Said of an earlier request: whoever runs the bus can say it again.
    if (completion.requested_at < answers.requestedAt) return "stale";
    awaited.reject({exit, code: completion.code, reason: completion.reason});
    return "rejected";
  }
  return awaited.isExitOpen(exit) ? complete(answers, exit, completion) : "not awaited";
}

function complete(
  {awaited, oracleSet, publicKeys, aggregatorNkey, logger}: Answers,
  exit: ExitId,
  {oracles_config_hash, oracles_exit_signature_shares: result, aggregator_signature}: ExitCompletion & {status: "completed"},
): string {
  if (oracles_config_hash !== oracleSet.configHash) {
    logger.warn({exit: exitKeyOf(exit), oracles_config_hash}, "completion is for another oracle set, still waiting for ours");
    return "other oracle set";
  }
  // [TERMINATE] The relayer may answer from the store; what it says is believed only if the aggregator made it.
  const signature = Buffer.from(aggregator_signature, "base64");
  if (!isSignedBy(aggregatorNkey, resultBytes(exit, oracles_config_hash, result), signature)) {
    throw new DvtError("COMPLETION_INVALID", `check ${exitKeyOf(exit)}: the aggregator did not sign it`);
  }
  const count = oracleSet.publicKeys.length;
  const {public_keys, encrypted_exit_signatures} = result;
  // [TERMINATE] One shard for each oracle, and all of them parts of this validator's exit: else the oracles could not use it.
  if (public_keys.length !== count || encrypted_exit_signatures.length !== count) {
    throw new DvtError("COMPLETION_INVALID", `check ${exitKeyOf(exit)}: ${public_keys.length} shards for ${count} oracles`);
  }
  const publicKey = publicKeys.get(exit.publicKey) as PublicKey;
  if (!areShardsOf(publicKey, public_keys.map(fromHex), oracleSet.threshold)) {
    throw new DvtError(
      "COMPLETION_INVALID",
      `check ${exitKeyOf(exit)}: its public key shards do not belong to the validator's key`,
    );
  }
  awaited.complete({exit, oraclesConfigHash: oracles_config_hash, result});
  return "completed";
}
