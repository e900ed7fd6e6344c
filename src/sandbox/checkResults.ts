import {ResultsFile} from "../client/resultsFile.js";
import type {Network} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import type {OracleSet} from "../oracles/oracleSet.js";
import {readJson} from "../runtime/files.js";
import {whyNotSplit} from "./whyNotSplit.js";

type Expected = {network: Network; oracleSet: OracleSet; validators: readonly {publicKey: string; validatorIndex: number}[]};

/**
 * Checks a results file as its readers would, and throws DEMO_FAILED for what does not hold. With the oracles' private keys each
 * oracle decrypts its shard and verifies it, and a threshold of them recover the exit, which verifies under the validator's key.
 * Without keys the public key shards are checked against the validator's key.
 */
export async function checkResults(
  path: string,
  {network, oracleSet, validators}: Expected,
  oracleKeys?: readonly Uint8Array[],
): Promise<void> {
  const file = await readJson(path, "the results", ResultsFile, "COMPLETION_INVALID");
  if (file.validators.length !== validators.length) {
    throw broken("validators", `${file.validators.length} instead of ${validators.length}`);
  }
  for (const [position, {publicKey: wanted, validatorIndex}] of validators.entries()) {
    const entry = file.validators[position];
    if (entry?.public_key !== wanted || entry.validator_index !== validatorIndex) {
      throw broken(wanted, "it is missing, or not in its place");
    }
    if (entry.oracles_config_hash !== oracleSet.configHash) throw broken(wanted, "it is for another oracle set");
    const {public_keys: publicKeyShards, encrypted_exit_signatures: exitShards} = entry.oracles_exit_signature_shares;
    const why = whyNotSplit(
      {publicKey: wanted, validatorIndex, publicKeyShards, exitShards},
      {network, count: oracleSet.publicKeys.length, threshold: oracleSet.threshold, oracleKeys},
    );
    if (why !== undefined) throw broken(wanted, why);
  }
}

const broken = (what: string, problem: string): DvtError =>
  new DvtError("DEMO_FAILED", `the results do not hold: ${what}: ${problem}`);
