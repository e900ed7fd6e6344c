import {createHash} from "node:crypto";
import fc from "fast-check";
import {type PublicKey, parseSecretKey, type SecretKey, type Signature} from "../../../src/bls/curve.js";
import {curveOrder, evaluate, mod, scalarToBytes} from "../../../src/bls/scalar.js";

/** The same ones for the same seed. */
export const scalars = (count: number, seed = "test"): bigint[] =>
  Array.from({length: count}, (_, position) =>
    mod(BigInt(`0x${createHash("sha512").update(`${seed} ${position}`).digest("hex")}`)),
  );

export const toSecretKey = (scalar: bigint): SecretKey => parseSecretKey(scalarToBytes(scalar));

export const aSecretKey = (seed = "a key"): SecretKey => toSecretKey(scalars(1, seed)[0] as bigint);

export type Dealt = {
  secretKey: SecretKey;
  publicKey: PublicKey;
  secretShares: Map<number, SecretKey>;
  publicKeyShares: Map<number, PublicKey>;
};

/** A key and its shares at `ids`, on the polynomial with these coefficients: as many as the threshold. */
export function deal(coefficients: readonly bigint[], ids: readonly number[]): Dealt {
  const at = (id: number): SecretKey => toSecretKey(evaluate(coefficients, BigInt(id)));
  const secretShares = new Map(ids.map((id) => [id, at(id)]));
  const publicKeyShares = new Map([...secretShares].map(([id, share]) => [id, share.toPublicKey()]));
  return {secretKey: at(0), publicKey: at(0).toPublicKey(), secretShares, publicKeyShares};
}

export const signAll = (secretShares: ReadonlyMap<number, SecretKey>, root: Uint8Array): Map<number, Signature> =>
  new Map([...secretShares].map(([id, share]) => [id, share.sign(root)]));

export const idsUpTo = (count: number): number[] => Array.from({length: count}, (_, position) => position + 1);

/** Every choice of `size` of them, in their order. */
export function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, position) => subsets(items.slice(position + 1), size - 1).map((rest) => [item, ...rest]));
}

export const aScalar = fc.bigInt({min: 1n, max: curveOrder - 1n});
