import {randomBytes} from "node:crypto";

/** r, the order of BLS12-381's groups. */
export const curveOrder = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

export const mod = (value: bigint): bigint => {
  const rest = value % curveOrder;
  return rest < 0n ? rest + curveOrder : rest;
};

/** The inverse by Euclid's extended algorithm, in few steps for a small value; zero for zero, which has no inverse. */
export function invert(value: bigint): bigint {
  let [previous, rest] = [curveOrder, mod(value)];
  let [before, inverse] = [0n, 1n];
  while (rest > 1n) {
    const quotient = previous / rest;
    [previous, rest] = [rest, previous - quotient * rest];
    [before, inverse] = [inverse, before - quotient * inverse];
  }
  return rest === 0n ? 0n : mod(inverse);
}

/** A random scalar, uniform except for a bias of 2^-129: 48 random bytes modulo r. */
export const randomScalar = (): bigint => mod(BigInt(`0x${randomBytes(48).toString("hex")}`));

/** Evaluates coefficients[0] + coefficients[1]·x + … by Horner's method. */
export const evaluate = (coefficients: readonly bigint[], x: bigint): bigint =>
  coefficients.reduceRight((sum, coefficient) => mod(sum * x + coefficient), 0n);

/**
 * The forward differences Δp(0), Δ²p(0) … of p(x) = c_1·x + c_2·x² + …, one for each coefficient: they determine p as well, and
 * are uniform if the coefficients are.
 */
export function forwardDifferences(coefficients: readonly bigint[]): bigint[] {
  let row = Array.from({length: coefficients.length + 1}, (_, x) => evaluate([0n, ...coefficients], BigInt(x)));
  return coefficients.map(() => {
    row = row.slice(1).map((value, position) => mod(value - (row[position] as bigint)));
    return row[0] as bigint;
  });
}

/** Encodes a scalar as 32 bytes, big-endian. */
export const scalarToBytes = (scalar: bigint): Uint8Array =>
  new Uint8Array(Buffer.from(mod(scalar).toString(16).padStart(64, "0"), "hex"));
