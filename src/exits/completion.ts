import type {ExitCompletion, OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import {type ExitId, exitKeyOf} from "./exitId.js";

/** An exit's encrypted shards, with the aggregator's signature over resultContent in base64. */
export type ExitResult = OraclesExitSignatureShares & {aggregator_signature: string};

/**
 * The content that the aggregator's nkey signs, so that operators can accept a result that the relayer publishes from the store. All of it is
 * lower-case hex and fixed words, so its JSON has only one form.
 */
export const resultContent = (
  exit: ExitId,
  oraclesConfigHash: string,
  {public_keys, encrypted_exit_signatures}: OraclesExitSignatureShares,
): Uint8Array =>
  Buffer.from(`${exitKeyOf(exit)}\n${oraclesConfigHash}\n${JSON.stringify({public_keys, encrypted_exit_signatures})}`);

/** The completion of an exit, equal whether the relayer or the aggregator publishes it. */
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
