import {PointFormat} from "@chainsafe/bls/types";
import mcl from "bls-eth-wasm";
import {type PublicKey, parseSignature, type Signature} from "./curve.js";
import {evaluate, invert, mod, randomScalar, scalarToBytes} from "./scalar.js";

await mcl.init(mcl.BLS12_381);
// Every point that gets here was parsed by blst, which has checked its order already.
mcl.verifySignatureOrder(false);
mcl.verifyPublicKeyOrder(false);

/** mcl reads numbers little-endian; its setInt would wrap at 2^31. */
function toMclScalar<T extends {setLittleEndian(bytes: Uint8Array): void}>(scalar: T, value: bigint): T {
  scalar.setLittleEndian(scalarToBytes(value).reverse());
  return scalar;
}

/**
 * Lagrange interpolation at 0 over `shares`, by share index (1-based, or any id below the curve order).
 * Fewer than the threshold gives a wrong point, not an error: the caller verifies what comes back.
 */
export function recoverSignature(shares: ReadonlyMap<number, Signature>): Signature {
  const points: InstanceType<typeof mcl.Signature>[] = [];
  const ids: InstanceType<typeof mcl.SecretKey>[] = [];
  for (const [shareIndex, signature] of shares) {
    const point = new mcl.Signature();
    point.deserializeUncompressed(signature.toBytes(PointFormat.uncompressed));
    points.push(point);
    ids.push(toMclScalar(new mcl.SecretKey(), BigInt(shareIndex)));
  }
  const recovered = new mcl.Signature();
  recovered.recover(points, ids as never);
  return parseSignature(recovered.serialize());
}

/**
 * Whether all points, by their x, lie on one polynomial of exactly this degree. On one of a lower degree fewer of them would
 * be enough: with degree 0 each is the whole. Needs at least degree + 2 points; fewer say nothing, and are refused.
 */
export const areOfDegree = (points: ReadonlyMap<number, PublicKey>, degree: number): boolean =>
  points.size >= degree + 2 && isOnPolynomial(points, degree) && (degree === 0 || !isOnPolynomial(points, degree - 1));

/**
 * Whether all points, by their x, lie on one polynomial of degree at most `degree`.
 * The dual code test of SCRAPE (https://eprint.iacr.org/2017/216, section 2.1): one sum over all points with the random
 * weights q(x_i)/∏(x_i - x_j), zero if they do, and with probability 1 - 1/r not zero if any of them does not.
 */
export function isOnPolynomial(points: ReadonlyMap<number, PublicKey>, degree: number): boolean {
  const xs = [...points.keys()].map(BigInt);
  if (xs.length <= degree + 1) return true;
  const random = Array.from({length: xs.length - degree - 1}, randomScalar);
  const sum = new mcl.PublicKey();
  for (const [x, publicKey] of points) {
    const point = new mcl.PublicKey();
    point.deserializeUncompressed(publicKey.toBytes(PointFormat.uncompressed));
    point.mul(toMclScalar(new mcl.SecretKey(), dualWeight(BigInt(x), xs, random)) as never);
    sum.add(point);
  }
  return sum.isZero();
}

function dualWeight(x: bigint, xs: readonly bigint[], random: readonly bigint[]): bigint {
  const product = xs.reduce((rest, other) => (other === x ? rest : mod(rest * (x - other))), 1n);
  return mod(evaluate(random, x) * invert(product));
}
