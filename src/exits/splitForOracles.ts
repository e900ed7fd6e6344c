import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import {readOwnPublicKey, readOwnSignature} from "../bls/curve.js";
import {encryptEach} from "../ecies/ecies.js";
import {toHex} from "../runtime/hex.js";
import {type Blinding, blind, randomCoefficients, splitExit} from "./splitExit.js";

/** A verified exit and the oracles to split it for, as bytes, so that another thread can do it. */
export type SplitTask = {
  /** The exit's signature, written by writeOwn; overwritten once it is read. */
  readonly signature: Uint8Array;
  /** The validator's key, written by writeOwn. */
  readonly publicKey: Uint8Array;
  readonly root: Uint8Array;
  /** 64 bytes each, in the oracles' order. */
  readonly oracleKeys: readonly Uint8Array[];
  readonly threshold: number;
};

/** One encrypted shard for each oracle, and their public key shards. `blinding` may be made beforehand, for this root. */
export function splitForOracles(
  {signature: bytes, publicKey, root, oracleKeys, threshold}: SplitTask,
  blinding: Blinding = blind(root, randomCoefficients(threshold)),
): OraclesExitSignatureShares {
  const signature = readOwnSignature(bytes);
  bytes.fill(0);
  const exit = {signature, publicKey: readOwnPublicKey(publicKey)};
  const shards = splitExit(exit, oracleKeys.length, blinding);
  const parts = shards.map((shard, position) => ({
    publicKey: oracleKeys[position] as Uint8Array,
    plaintext: shard.signature.toBytes(),
  }));
  const ciphertexts = encryptEach(parts);
  for (const {plaintext} of parts) plaintext.fill(0);
  return {
    public_keys: shards.map((shard) => toHex(shard.publicKey.toBytes())),
    encrypted_exit_signatures: ciphertexts.map(toHex),
  };
}
