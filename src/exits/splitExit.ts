import {addPublicKeys, addSignatures, type PublicKey, parseSecretKey, type Signature} from "../bls/curve.js";
import {forwardDifferences, randomScalar, scalarToBytes} from "../bls/scalar.js";

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
  // Only the differences at 0 are multiplied, threshold - 1 of them; every shard comes of the one before it by additions.
  const secretKeys = forwardDifferences(coefficients).map((difference) => parseSecretKey(scalarToBytes(difference)));
  const signatures = tabulate([exit.signature, ...secretKeys.map((key) => key.sign(exit.root))], addSignatures, count);
  const publicKeys = tabulate([exit.publicKey, ...secretKeys.map((key) => key.toPublicKey())], addPublicKeys, count);
  return signatures.map((signature, position) => ({signature, publicKey: publicKeys[position] as PublicKey}));
}

/** f(1) … f(count), of f(0) and its forward differences at 0: Δ^k f(x + 1) = Δ^k f(x) + Δ^(k+1) f(x). */
function tabulate<P>(atZero: readonly P[], add: (left: P, right: P) => P, count: number): P[] {
  const row = [...atZero];
  const values: P[] = [];
  for (let left = count; left > 0; left--) {
    // Differences that only later values would need are left as they are.
    for (let k = 0; k < Math.min(row.length - 1, left); k++) row[k] = add(row[k] as P, row[k + 1] as P);
    values.push(row[0] as P);
  }
  return values;
}
