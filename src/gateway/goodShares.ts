import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import type {Gateway} from "./gateway.js";
import type {Standing} from "./lookUp.js";

/** What the oracles get of an exit, as it is answered; null until there is a result that is worth it. */
export async function goodShares(
  {results}: Pick<Gateway, "results">,
  {exit, validator, result}: Standing,
): Promise<OraclesExitSignatureShares | null> {
  if (!result || !(await results.isGood(exit, validator.publicKey, result))) return null;
  return {public_keys: result.public_keys, encrypted_exit_signatures: result.encrypted_exit_signatures};
}
