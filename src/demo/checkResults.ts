import {Type} from "typebox";
import {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import {BlsPubkey, Bytes32, Network as NetworkField, ValidatorIndex} from "../../schemas/fields.js";
import {parsePublicKey, parseSignature, type Signature, verifySignature} from "../bls/curve.js";
import type {Network} from "../consensus/networks.js";
import {voluntaryExitSigningRoot} from "../consensus/voluntaryExit.js";
import {decrypt} from "../ecies/ecies.js";
import {areShardsOf} from "../exits/checkShards.js";
import {recoverExit} from "../exits/recoverExit.js";
import type {OracleSet} from "../oracles/oracleSet.js";
import {readJson} from "../runtime/files.js";
import {fromHex} from "../runtime/hex.js";

const ResultsFile = Type.Object({
  network: NetworkField,
  validators: Type.Array(
    Type.Object({
      public_key: BlsPubkey,
      validator_index: ValidatorIndex,
      oracles_config_hash: Bytes32,
      oracles_exit_signature_shares: OraclesExitSignatureShares,
    }),
  ),
});

type Checked = {network: Network; oracleSet: OracleSet; validators: readonly {publicKey: string; validatorIndex: number}[]};

/**
 * Checks a results file as those would who use it. With the oracles' private keys, as the oracles: each decrypts its shard and
 * verifies it under its public key shard, and a threshold of them recover the exit, which verifies under the validator's key.
 * Without: the public key shards against the validator's key. Throws what does not hold.
 */
export async function checkResults(path: string, {network, oracleSet, validators}: Checked, oracleKeys?: readonly Uint8Array[]): Promise<void> {
  const file = await readJson(path, "the results", ResultsFile, "COMPLETION_INVALID");
  const broken = (what: string, problem: string): never => {
    throw new Error(`the results do not hold: ${what}: ${problem}`);
  };
  if (file.validators.length !== validators.length) broken("validators", `${file.validators.length} instead of ${validators.length}`);
  validators.forEach(({publicKey: wanted, validatorIndex}, position) => {
    const entry = file.validators[position];
    if (entry?.public_key !== wanted || entry.validator_index !== validatorIndex) return broken(wanted, "it is not where it belongs");
    const {public_keys, encrypted_exit_signatures} = entry.oracles_exit_signature_shares;
    const publicKey = parsePublicKey(fromHex(wanted));
    if (!areShardsOf(publicKey, public_keys.map(fromHex), oracleSet.threshold)) broken(wanted, "the public key shards are not its key's");
    if (!oracleKeys) return undefined;
    const root = voluntaryExitSigningRoot(network, validatorIndex);
    const shards = new Map<number, Signature>();
    oracleKeys.forEach((oracleKey, oracle) => {
      const signature = parseSignature(decrypt(oracleKey, fromHex(encrypted_exit_signatures[oracle] as string)));
      const shardKey = parsePublicKey(fromHex(public_keys[oracle] as string));
      if (!verifySignature(shardKey, root, signature)) broken(wanted, `shard ${oracle + 1} does not verify under its key`);
      shards.set(oracle + 1, signature);
    });
    // Not always the first ones: any threshold of oracles can do it.
    const some = new Map([...shards].slice(-oracleSet.threshold));
    if (!recoverExit(some, {threshold: oracleSet.threshold, publicKey, root})) broken(wanted, "the recovered exit does not verify");
    return undefined;
  });
}
