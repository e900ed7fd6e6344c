import {parsePublicKey, parseSignature, type Signature, verifySignature} from "../bls/curve.js";
import type {Network} from "../consensus/networks.js";
import {voluntaryExitSigningRoot} from "../consensus/voluntaryExit.js";
import {decrypt} from "../ecies/ecies.js";
import {areShardsOf} from "../exits/checkShards.js";
import {recoverExit} from "../exits/recoverExit.js";
import {fromHex} from "../runtime/hex.js";

/** An exit as oracles get it; hex with 0x, in the order of the oracles. */
export type SplitExit = {
  readonly publicKey: string;
  readonly validatorIndex: number;
  readonly publicKeyShards: readonly string[];
  readonly exitShards: readonly string[];
};
/** `oracleKeys`: 32 bytes each, in the order of the oracles; undefined: only the public key shards are checked. */
type Oracles = {
  readonly network: Network;
  readonly count: number;
  readonly threshold: number;
  readonly oracleKeys: readonly Uint8Array[] | undefined;
};

/**
 * Why the exit is not what it should be; undefined: each oracle decrypts its shard and verifies it, and a threshold of them recover the
 * exit, which verifies under the validator's key.
 */
export function whyNotSplit(
  {publicKey: key, validatorIndex, publicKeyShards, exitShards}: SplitExit,
  {network, count, threshold, oracleKeys}: Oracles,
): string | undefined {
  if (publicKeyShards.length !== count || exitShards.length !== count) {
    return `it does not have one shard for each of ${count} oracles`;
  }
  const publicKey = parsePublicKey(fromHex(key));
  if (!areShardsOf(publicKey, publicKeyShards.map(fromHex), threshold)) return "the public key shards are not its key's";
  if (!oracleKeys) return undefined;
  const root = voluntaryExitSigningRoot(network, validatorIndex);
  const shards = new Map<number, Signature>();
  for (const [oracle, oracleKey] of oracleKeys.entries()) {
    const signature = openShard(oracleKey, exitShards[oracle] as string);
    if (!signature) return `oracle ${oracle + 1} cannot open its shard`;
    const shardKey = parsePublicKey(fromHex(publicKeyShards[oracle] as string));
    if (!verifySignature(shardKey, root, signature)) return `shard ${oracle + 1} does not verify under its key`;
    shards.set(oracle + 1, signature);
  }
  // The last ones, not the first: any threshold of oracles can recover it.
  const some = new Map([...shards].slice(-threshold));
  return recoverExit(some, {threshold, publicKey, root}) ? undefined : "the recovered exit does not verify";
}

function openShard(oracleKey: Uint8Array, shard: string): Signature | undefined {
  try {
    return parseSignature(decrypt(oracleKey, fromHex(shard)));
  } catch {
    return undefined;
  }
}
