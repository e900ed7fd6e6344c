import {type Static, Type} from "typebox";
import {Deposit} from "../../schemas/deposit.js";
import {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import {BlsPubkey, BlsSignature, Bytes32, Network, ValidatorIndex} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import {readJson, unlessMissing} from "../runtime/files.js";

const {vault, validator_type, amount} = Deposit.properties;
const ResultEntry = Type.Object({
  public_key: BlsPubkey,
  validator_index: ValidatorIndex,
  oracles_config_hash: Bytes32,
  oracles_exit_signature_shares: OraclesExitSignatureShares,
  vault: Type.Optional(vault),
  validator_type: Type.Optional(validator_type),
  amount: Type.Optional(amount),
  deposit_signature: Type.Optional(BlsSignature),
});
/** One exit of a results file. */
export type ResultEntry = Static<typeof ResultEntry>;

/** The results file, whose entries StakeWise's operator posts to the oracles. */
export const ResultsFile = Type.Object({network: Network, validators: Type.Array(ResultEntry)});

/** The entries of a results file; none if there is no file. RESULTS_INVALID if it is another kind of file, or another network's. */
export async function readResults(path: string, network: string): Promise<readonly ResultEntry[]> {
  const file = await readJson(path, "the results", ResultsFile, "RESULTS_INVALID").catch(unlessMissing);
  if (file && file.network !== network) {
    throw new DvtError("RESULTS_INVALID", `read the results ${path}: they are for ${file.network}, not for ${network}`);
  }
  return file?.validators ?? [];
}
