import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import {readOwnPublicKey, readOwnSignature} from "../bls/curve.js";
import {encryptEach} from "../ecies/ecies.js";
import {toHex} from "../runtime/hex.js";
import {type Blinding, blind, randomCoefficients, type Shard, splitExit} from "./splitExit.js";

/** A verified exit, as bytes, so that another thread can split it. */
export type ExitToSplit = {
  /** The exit's signature, written by writeOwn; overwritten once it is read. */
  readonly signature: Uint8Array;
  /** The validator's key, written by writeOwn. */
  readonly publicKey: Uint8Array;
  readonly root: Uint8Array;
  /** May be made beforehand, for this root. */
  readonly blinding?: Blinding | undefined;
};

/** Exits, and the oracles to split them for. */
export type SplitTask = {
  readonly exits: readonly ExitToSplit[];
  /** 64 bytes each, in the oracles' order. */
  readonly oracleKeys: readonly Uint8Array[];
  readonly threshold: number;
};

/** Of each exit, in their order: one encrypted shard for each oracle, and their public key shards; or why it cannot be split. */
export function splitForOracles({exits, oracleKeys, threshold}: SplitTask): (OraclesExitSignatureShares | Error)[] {
  const split = exits.map((exit) => trySplit(exit, {count: oracleKeys.length, threshold}));
  const parts = split
    .flatMap((shards) => (shards instanceof Error ? [] : shards))
    .map((shard, position) => ({
      publicKey: oracleKeys[position % oracleKeys.length] as Uint8Array,
      plaintext: shard.signature.toBytes(),
    }));
  const ciphertexts = encryptEach(parts);
  for (const {plaintext} of parts) plaintext.fill(0);
  return split.map((shards) => {
    if (shards instanceof Error) return shards;
    const own = ciphertexts.splice(0, shards.length);
    return {
      public_keys: shards.map((shard) => toHex(shard.publicKey.toBytes())),
      encrypted_exit_signatures: own.map(toHex),
    };
  });
}

function trySplit(
  {signature: bytes, publicKey, root, blinding}: ExitToSplit,
  {count, threshold}: {count: number; threshold: number},
): Shard[] | Error {
  try {
    const exit = {signature: readOwnSignature(bytes), publicKey: readOwnPublicKey(publicKey)};
    return splitExit(exit, count, blinding ?? blind(root, randomCoefficients(threshold)));
  } catch (error) {
    return error as Error;
  } finally {
    bytes.fill(0);
  }
}
