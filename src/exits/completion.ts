import type {ExitCompletion, OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import {type ExitId, exitKeyOf} from "./exitId.js";

/** What the aggregator made of an exit, with its own signature over resultContent in base64. */
export type ExitResult = OraclesExitSignatureShares & {aggregator_signature: string};

/**
 * What the aggregator's nkey signs for "exitResult": so that an operator believes a result that somebody else answers from the
 * store. All of it is lower-case hex and fixed words, so that JSON has one form of it.
 */
export const resultContent = (
  exit: ExitId,
  oraclesConfigHash: string,
  {public_keys, encrypted_exit_signatures}: OraclesExitSignatureShares,
): Uint8Array =>
  Buffer.from(`${exitKeyOf(exit)}\n${oraclesConfigHash}\n${JSON.stringify({public_keys, encrypted_exit_signatures})}`);

/** The event that an operator awaits. Relayer and aggregator both say it, of the same stored result in the same words. */
export const toCompletion = (
  exit: ExitId,
  operatorId: string,
  oraclesConfigHash: string,
  {public_keys, encrypted_exit_signatures, aggregator_signature}: ExitResult,
): ExitCompletion => ({
  network: exit.network.name,
  operator_id: operatorId,
  public_key: exit.publicKey,
  validator_index: exit.validatorIndex,
  status: "completed",
  oracles_config_hash: oraclesConfigHash,
  oracles_exit_signature_shares: {public_keys, encrypted_exit_signatures},
  aggregator_signature,
});
