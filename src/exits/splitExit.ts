import {addPublicKeys, addSignatures, type PublicKey, parseSecretKey, type Signature} from "../bls/curve.js";
import {forwardDifferences, randomScalar, scalarToBytes} from "../bls/scalar.js";

/** One oracle's part of an exit. It verifies under its own public key, and any threshold of shards recovers the exit. */
export type Shard = {readonly signature: Signature; readonly publicKey: PublicKey};

/** c_1 … c_(threshold-1), fresh for every split. */
export const randomCoefficients = (threshold: number): bigint[] => Array.from({length: threshold - 1}, randomScalar);

/** Hides an exit in its shards: Δ^k p(0) times the signed root, and times the generator, for k = 1..threshold-1. */
export type Blinding = {readonly signatures: readonly Signature[]; readonly publicKeys: readonly PublicKey[]};

/** The blinding by p(x) = Σ c_i·x^i: all multiplications of a split, which need only the root. Use it for one exit, once. */
export function blind(root: Uint8Array, coefficients: readonly bigint[]): Blinding {
  const secretKeys = forwardDifferences(coefficients).map((difference) => parseSecretKey(scalarToBytes(difference)));
  return {signatures: secretKeys.map((key) => key.sign(root)), publicKeys: secretKeys.map((key) => key.toPublicKey())};
}

/**
 * Splits an exit for oracles 1..count, in their order: the shard at x is signature + Sign(p(x), root), and its key
 * publicKey + SkToPk(p(x)), with the blinding's p. With an empty blinding every shard is the exit itself.
 */
export function splitExit(exit: {signature: Signature; publicKey: PublicKey}, count: number, blinding: Blinding): Shard[] {
  // Every shard is computed from the previous one by additions.
  const signatures = tabulate([exit.signature, ...blinding.signatures], addSignatures, count);
  const publicKeys = tabulate([exit.publicKey, ...blinding.publicKeys], addPublicKeys, count);
  return signatures.map((signature, position) => ({signature, publicKey: publicKeys[position] as PublicKey}));
}

/** f(1) … f(count), from f(0) and its forward differences at 0: Δ^k f(x + 1) = Δ^k f(x) + Δ^(k+1) f(x). */
function tabulate<P>(atZero: readonly P[], add: (left: P, right: P) => P, count: number): P[] {
  const row = [...atZero];
  const values: P[] = [];
  for (let left = count; left > 0; left--) {
    // Differences that no remaining value needs stay as they are.
    for (let k = 0; k < Math.min(row.length - 1, left); k++) row[k] = add(row[k] as P, row[k + 1] as P);
    values.push(row[0] as P);
  }
  return values;
}
