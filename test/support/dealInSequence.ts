import {addPublicKeys, parseSecretKey} from "../../src/bls/curve.js";
import {randomScalar, scalarToBytes} from "../../src/bls/scalar.js";
import type {DealtPoints} from "../../src/sandbox/makeCluster.js";

const pointOf = (scalar: bigint) => parseSecretKey(scalarToBytes(scalar)).toPublicKey();

/**
 * Deals thousands of validators in no time, each with a single key share: every secret is the one before plus 1, so every point is
 * the one before plus the generator.
 */
export function dealInSequence(count: number): DealtPoints {
  const first = randomScalar();
  const generator = pointOf(1n);
  let point = pointOf(first);
  const validators = Array.from({length: count}, () => {
    const publicKey = point.toBytes();
    point = addPublicKeys(point, generator);
    return {publicKey, publicShares: [publicKey]};
  });
  return {validators, sumOfShares: BigInt(count) * first + BigInt((count * (count - 1)) / 2)};
}
