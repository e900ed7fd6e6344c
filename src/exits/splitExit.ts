import {addPublicKeys, addSignatures, type PublicKey, parseSecretKey, type Signature} from "../bls/curve.js";
import {evaluate, randomScalar, scalarToBytes} from "../bls/scalar.js";

/** One oracle's part of an exit: it verifies under its own public key, any threshold of them recover the exit. */
export type Shard = {readonly signature: Signature; readonly publicKey: PublicKey};

/** c_1 … c_(threshold-1), fresh for every split. */
export const randomCoefficients = (threshold: number): bigint[] => Array.from({length: threshold - 1}, randomScalar);

/**
 * Splits an exit for oracles 1..count, in their order: with p(x) = Σ c_i·x^i the shard at x is signature + Sign(p(x), root)
 * and its key publicKey + SkToPk(p(x)). `coefficients` has threshold - 1 members; with none every shard is the exit itself.
 */
export function splitExit(
  exit: {signature: Signature; publicKey: PublicKey; root: Uint8Array},
  count: number,
  coefficients: readonly bigint[],
): Shard[] {
  return Array.from({length: count}, (_, position) => {
    const offset = evaluate([0n, ...coefficients], BigInt(position + 1));
    if (offset === 0n) return {signature: exit.signature, publicKey: exit.publicKey};
    const secretKey = parseSecretKey(scalarToBytes(offset));
    return {
      signature: addSignatures(exit.signature, secretKey.sign(exit.root)),
      publicKey: addPublicKeys(exit.publicKey, secretKey.toPublicKey()),
    };
  });
}
