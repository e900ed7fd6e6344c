import {PointFormat} from "@chainsafe/bls/types";
import mcl from "bls-eth-wasm";
import {addPublicKeys, addSignatures, negateSignature, type PublicKey, readSignature, type Signature} from "./curve.js";
import {evaluate, invert, mod, randomScalar, scalarToBytes} from "./scalar.js";

await mcl.init(mcl.BLS12_381);
// blst has checked the subgroup of public keys when it parsed them; signatures are verified after recovery.
mcl.verifySignatureOrder(false);
mcl.verifyPublicKeyOrder(false);

/** mcl reads numbers little-endian; its setInt would wrap at 2^31. */
function toMclScalar<T extends {setLittleEndian(bytes: Uint8Array): void}>(scalar: T, value: bigint): T {
  scalar.setLittleEndian(scalarToBytes(value).reverse());
  return scalar;
}

/**
 * Lagrange interpolation at 0 over `shares`, by share index (1-based, or any id below the curve order).
 * Fewer than the threshold, or false ones, give a wrong point or an error: the caller must verify the result.
 */
export function recoverSignature(shares: ReadonlyMap<number, Signature>): Signature {
  const weights = lagrangeIntegers([...shares.keys()].map(BigInt));
  return weights ? addWeighted([...shares.values()], weights) : recoverWithMcl(shares);
}

/** Up to here, adding a point repeatedly is faster than multiplying it. */
const fewAdditions = 1000;

/** The Lagrange coefficients at 0 if all are small integers, as for most sets of small neighbouring ids. */
function lagrangeIntegers(xs: readonly bigint[]): number[] | undefined {
  const weights: number[] = [];
  let additions = 0;
  for (const x of xs) {
    const others = xs.filter((other) => other !== x);
    const numerator = others.reduce((product, other) => product * other, 1n);
    const denominator = others.reduce((product, other) => product * (other - x), 1n);
    if (numerator % denominator !== 0n) return undefined;
    const weight = Number(numerator / denominator);
    additions += Math.abs(weight);
    if (additions > fewAdditions) return undefined;
    weights.push(weight);
  }
  return weights;
}

function addWeighted(points: readonly Signature[], weights: readonly number[]): Signature {
  const times = (sign: 1 | -1): Signature[] =>
    points.flatMap((point, position) => Array<Signature>(Math.max(0, sign * (weights[position] as number))).fill(point));
  const [added, taken] = [times(1), times(-1)];
  return taken.length === 0 ? addSignatures(...added) : addSignatures(...added, negateSignature(addSignatures(...taken)));
}

function recoverWithMcl(shares: ReadonlyMap<number, Signature>): Signature {
  const points: InstanceType<typeof mcl.Signature>[] = [];
  const ids: InstanceType<typeof mcl.SecretKey>[] = [];
  for (const [shareIndex, signature] of shares) {
    const point = new mcl.Signature();
    const bytes = signature.toBytes(PointFormat.uncompressed);
    point.deserializeUncompressed(bytes);
    bytes.fill(0);
    points.push(point);
    ids.push(toMclScalar(new mcl.SecretKey(), BigInt(shareIndex)));
  }
  const recovered = new mcl.Signature();
  recovered.recover(points, ids as never);
  const bytes = recovered.serialize();
  const signature = readSignature(bytes);
  bytes.fill(0);
  return signature;
}

/**
 * Whether all points, by their x, lie on one polynomial of exactly this degree. With a lower degree, fewer points would be
 * enough: with degree 0, each is the whole. Needs at least degree + 2 points; fewer prove nothing and are refused.
 */
export function areOfDegree(points: ReadonlyMap<number, PublicKey>, degree: number): boolean {
  if (points.size < degree + 2) return false;
  const xs = [...points.keys()];
  if (degree <= maxDifference && xs.every((x, position) => x === position)) return haveDegree([...points.values()], degree);
  return isOnPolynomial(points, degree) && (degree === 0 || !isOnPolynomial(points, degree - 1));
}

/** The number of additions of a difference doubles with the degree. */
const maxDifference = 10;

/** At 0, 1, 2 … the degree is the highest whose finite differences are not all zero: additions only, and no randomness. */
function haveDegree(points: readonly PublicKey[], degree: number): boolean {
  for (let start = 0; start + degree + 1 < points.length; start++) {
    if (!isDifferenceZero(points.slice(start, start + degree + 2))) return false;
  }
  return degree === 0 || !isDifferenceZero(points.slice(0, degree + 1));
}

/** Σ (-1)^k·C(n, k)·f(k) over these n + 1 neighbours is zero: the sum over even k is the one over odd k. */
function isDifferenceZero(neighbours: readonly PublicKey[]): boolean {
  const sides: [PublicKey[], PublicKey[]] = [[], []];
  let binomial = 1;
  for (const [k, point] of neighbours.entries()) {
    sides[(k % 2) as 0 | 1].push(...Array<PublicKey>(binomial).fill(point));
    binomial = (binomial * (neighbours.length - 1 - k)) / (k + 1);
  }
  const [even, odd] = sides.map((side) => Buffer.from(addPublicKeys(...side).toBytes())) as [Buffer, Buffer];
  return even.equals(odd);
}

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
