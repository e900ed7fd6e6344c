import type {ExitCompletion, OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import type {ExitId} from "./exitId.js";

/** The event that an operator awaits. Relayer and aggregator both say it, of the same stored result in the same words. */
export const toCompletion = (
  exit: ExitId,
  operatorId: string,
  oraclesConfigHash: string,
  result: OraclesExitSignatureShares,
): ExitCompletion => ({
  network: exit.network.name,
  operator_id: operatorId,
  public_key: exit.publicKey,
  validator_index: exit.validatorIndex,
  status: "completed",
  oracles_config_hash: oraclesConfigHash,
  oracles_exit_signature_shares: result,
});
