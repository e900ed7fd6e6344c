import type {CompletedExit} from "./outcome.js";
import type {ResultEntry} from "./resultsFile.js";

/**
 * The text of a results file: its previous entries in place, then new ones in the order of the request. A new entry replaces one of
 * the same exit and oracle set, and keeps that one's deposit if it has none.
 */
export function toResultsFile(network: string, completed: readonly CompletedExit[], before: readonly ResultEntry[] = []): string {
  const entries = new Map(before.map((entry) => [keyOf(entry), entry]));
  for (const entry of completed.map(toEntry)) entries.set(keyOf(entry), {...entries.get(keyOf(entry)), ...entry});
  return `${JSON.stringify({network, validators: [...entries.values()]}, undefined, 2)}\n`;
}

const keyOf = ({public_key, validator_index, oracles_config_hash}: ResultEntry): string =>
  [public_key, validator_index, oracles_config_hash].join().toLowerCase();

const toEntry = ({exit, oraclesConfigHash, result, deposit}: CompletedExit): ResultEntry => ({
  public_key: exit.publicKey,
  validator_index: exit.validatorIndex,
  oracles_config_hash: oraclesConfigHash,
  oracles_exit_signature_shares: result,
  ...(deposit && toDepositFields(deposit)),
});

/** The fields of a deposit; StakeWise's operator reads `amount` and `deposit_signature`. */
const toDepositFields = ({vault, validator_type, amount, signature}: NonNullable<CompletedExit["deposit"]>) => ({
  vault,
  validator_type,
  amount,
  deposit_signature: signature,
});
