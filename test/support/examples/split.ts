import {type SecretKey, verifySignature} from "../../../src/bls/curve.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {encrypt} from "../../../src/ecies/ecies.js";
import {publicKeyOf} from "../../../src/ecies/keys.js";
import {blind, randomCoefficients, splitExit} from "../../../src/exits/splitExit.js";
import {toOracleSet} from "../../../src/oracles/oracleSet.js";
import {toHex} from "../../../src/runtime/hex.js";

/** Oracle i (from 0) holds the key that is 32 times i + 1. */
export const oracleKeys = [1, 2, 3, 4, 5].map((byte) => new Uint8Array(32).fill(byte));
export const oracleSet = toOracleSet(oracleKeys.map(publicKeyOf), 3);

/** What the oracles get of this validator's exit on hoodi, as an aggregator makes it. */
export function split(secretKey: SecretKey, validatorIndex: number, {threshold} = oracleSet) {
  const root = voluntaryExitSigningRoot(networks.hoodi, validatorIndex);
  const exit = {signature: secretKey.sign(root), publicKey: secretKey.toPublicKey()};
  if (!verifySignature(exit.publicKey, root, exit.signature)) throw new Error("the exit itself does not verify");
  const shards = splitExit(exit, oracleKeys.length, blind(root, randomCoefficients(threshold)));
  return {
    public_keys: shards.map(({publicKey}) => toHex(publicKey.toBytes())),
    encrypted_exit_signatures: shards.map(({signature}, position) =>
      toHex(encrypt(oracleSet.publicKeys[position] as Uint8Array, signature.toBytes())),
    ),
  };
}
