import type {Signature} from "../bls/curve.js";
import {encryptEach} from "../ecies/ecies.js";
import {type ExitResult, resultBytes} from "../exits/completion.js";
import {blind, randomCoefficients, splitExit} from "../exits/splitExit.js";
import {toHex} from "../runtime/hex.js";
import type {Aggregator} from "./aggregator.js";
import type {Collecting} from "./collecting.js";

/** Splits the verified exit for the oracles, encrypts to each its shard, and signs the whole. The exit's signature ends here. */
export function toResult(
  {oracleSet, bus}: Aggregator,
  {exit, root, blinding, validator: {publicKey}}: Collecting,
  signature: Signature,
): ExitResult {
  const {publicKeys, threshold, configHash} = oracleSet;
  const shards = splitExit({signature, publicKey}, publicKeys.length, blinding ?? blind(root, randomCoefficients(threshold)));
  const parts = shards.map((shard, position) => ({
    publicKey: publicKeys[position] as Uint8Array,
    plaintext: shard.signature.toBytes(),
  }));
  const shares = {
    public_keys: shards.map((shard) => toHex(shard.publicKey.toBytes())),
    encrypted_exit_signatures: encryptEach(parts).map(toHex),
  };
  for (const {plaintext} of parts) plaintext.fill(0);
  const proof = bus.identity.sign(resultBytes(exit, configHash, shares));
  return {...shares, aggregator_signature: Buffer.from(proof).toString("base64")};
}
