import {parsePublicKey, parseSignature, type Signature, verifySignature} from "../bls/curve.js";
import {ResultsFile} from "../client/resultsFile.js";
import type {Network} from "../consensus/networks.js";
import {voluntaryExitSigningRoot} from "../consensus/voluntaryExit.js";
import {decrypt} from "../ecies/ecies.js";
import {DvtError} from "../errors.js";
import {areShardsOf} from "../exits/checkShards.js";
import {recoverExit} from "../exits/recoverExit.js";
import type {OracleSet} from "../oracles/oracleSet.js";
import {readJson} from "../runtime/files.js";
import {fromHex} from "../runtime/hex.js";

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
    const {public_keys, encrypted_exit_signatures} = entry.oracles_exit_signature_shares;
    const count = oracleSet.publicKeys.length;
    if (public_keys.length !== count || encrypted_exit_signatures.length !== count) {
      throw broken(wanted, `it does not have one shard for each of ${count} oracles`);
    }
    const publicKey = parsePublicKey(fromHex(wanted));
    if (!areShardsOf(publicKey, public_keys.map(fromHex), oracleSet.threshold)) {
      throw broken(wanted, "the public key shards are not its key's");
    }
    if (!oracleKeys) continue;
    const root = voluntaryExitSigningRoot(network, validatorIndex);
    const shards = new Map<number, Signature>();
    for (const [oracle, oracleKey] of oracleKeys.entries()) {
      const signature = parseSignature(decrypt(oracleKey, fromHex(encrypted_exit_signatures[oracle] as string)));
      const shardKey = parsePublicKey(fromHex(public_keys[oracle] as string));
      if (!verifySignature(shardKey, root, signature)) throw broken(wanted, `shard ${oracle + 1} does not verify under its key`);
      shards.set(oracle + 1, signature);
    }
    // The last ones, not the first: any threshold of oracles can recover it.
    const some = new Map([...shards].slice(-oracleSet.threshold));
    if (!recoverExit(some, {threshold: oracleSet.threshold, publicKey, root})) {
      throw broken(wanted, "the recovered exit does not verify");
    }
  }
}

const broken = (what: string, problem: string): DvtError =>
  new DvtError("DEMO_FAILED", `the results do not hold: ${what}: ${problem}`);
