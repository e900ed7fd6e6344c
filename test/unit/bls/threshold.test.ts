import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {addPublicKeys, type PublicKey, parsePublicKey, parseSignature, verifySignature} from "../../../src/bls/curve.js";
import {mod} from "../../../src/bls/scalar.js";
import {isOnPolynomial, recoverSignature} from "../../../src/bls/threshold.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {aScalar, aSecretKey, deal, idsUpTo, scalars, signAll, subsets, toSecretKey} from "../support/keys.js";
import {recoverVectors} from "../support/recoverVectors.js";

const runs = {seed: 13, numRuns: 20};
const root = new Uint8Array(32).fill(3);

/** A dealing with its threshold, and some of its ids in some order. */
const aDealing = fc.integer({min: 2, max: 7}).chain((threshold) =>
  fc.record({
    coefficients: fc.array(aScalar, {minLength: threshold, maxLength: threshold}),
    ids: fc.shuffledSubarray(idsUpTo(13), {minLength: threshold, maxLength: threshold}),
  }),
);

describe("recoverSignature", () => {
  it.each(recoverVectors)("recovers the signature of $name from every $threshold of its shares", (cluster) => {
    const shares = cluster.shares.map(({share_index, signature}) => [share_index, parseSignature(fromHex(signature))] as const);
    const recovered = subsets(shares, cluster.threshold).map((some) => toHex(recoverSignature(new Map(some)).toBytes()));
    expect(new Set(recovered)).toEqual(new Set([cluster.signature]));
  });

  it("recovers the same signature from any threshold of the shares, in any order", () => {
    fc.assert(
      fc.property(aDealing, ({coefficients, ids}) => {
        const {secretKey, secretShares} = deal(coefficients, ids);
        expect(toHex(recoverSignature(signAll(secretShares, root)).toBytes())).toBe(toHex(secretKey.sign(root).toBytes()));
      }),
      runs,
    );
  });

  it("never recovers it from one share less than the threshold", () => {
    fc.assert(
      fc.property(aDealing, ({coefficients, ids}) => {
        const {publicKey, secretShares} = deal(coefficients, ids.slice(1));
        expect(verifySignature(publicKey, root, recoverSignature(signAll(secretShares, root)))).toBe(false);
      }),
      runs,
    );
  });

  it.each([
    {id: "around 2^31", ids: [2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1]},
    {id: "around 2^32", ids: [2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1]},
    {id: "that differ only above 32 bits", ids: [7, 2 ** 32 + 7, 2 ** 33 + 7]},
    {id: "up to 2^53 - 1", ids: [1, 2 ** 52, Number.MAX_SAFE_INTEGER]},
  ])("takes ids $id", ({ids}) => {
    const {secretKey, secretShares} = deal(scalars(3), ids);
    expect(toHex(recoverSignature(signAll(secretShares, root)).toBytes())).toBe(toHex(secretKey.sign(root).toBytes()));
  });
});

describe("isOnPolynomial", () => {
  const strangers = new Map(idsUpTo(14).map((id) => [id, aSecretKey(`stranger ${id}`).toPublicKey()]));
  /** Of size operators at the usual threshold, the validator's key at 0 among them. */
  const pointsOf = (size: number): {points: Map<number, PublicKey>; degree: number} => {
    const threshold = Math.ceil((2 * size) / 3);
    const {publicKey, publicKeyShares} = deal(scalars(threshold), idsUpTo(size));
    return {points: new Map([[0, publicKey], ...publicKeyShares]), degree: threshold - 1};
  };
  const sizes = idsUpTo(13)
    .slice(3)
    .map((size) => ({size, ...pointsOf(size)}));

  it.each(recoverVectors)("accepts the public key shares of $name", ({threshold, public_key, shares}) => {
    const points = new Map(
      [{share_index: 0, public_key}, ...shares].map((it) => [it.share_index, parsePublicKey(fromHex(it.public_key))]),
    );
    expect(isOnPolynomial(points, threshold - 1)).toBe(true);
    expect(isOnPolynomial(points, threshold - 2)).toBe(false);
  });

  it.each(sizes)("accepts the honest points of $size operators, also at a higher degree", ({points, degree}) => {
    expect(isOnPolynomial(points, degree)).toBe(true);
    expect(isOnPolynomial(points, degree + 1)).toBe(true);
  });

  it.each(sizes)(
    "refuses those of $size operators with any single one replaced, the key and the last among them",
    ({points, degree}) => {
      const passed = [...points.keys()].filter((id) =>
        isOnPolynomial(new Map([...points, [id, strangers.get(id + 1) as PublicKey]]), degree),
      );
      expect(passed).toEqual([]);
    },
  );

  it.each(sizes)("refuses those of $size operators at a lower degree", ({points, degree}) => {
    expect(isOnPolynomial(points, degree - 1)).toBe(false);
  });

  it.each([
    {
      id: "two neighbours in each other's place",
      change: new Map([
        [1, 2],
        [2, 1],
      ]),
    },
    {id: "the key in the last one's place", change: new Map([[7, 0]])},
    {id: "one point twice", change: new Map([[3, 4]])},
  ])("refuses $id", ({change}) => {
    const {points, degree} = pointsOf(7);
    const changed = new Map([...points].map(([id, point]) => [id, points.get(change.get(id) ?? id) ?? point]));
    expect(isOnPolynomial(changed, degree)).toBe(false);
  });

  it("refuses two points that are off by opposite amounts", () => {
    const {points, degree} = pointsOf(7);
    const shifted = (id: number, by: bigint): [number, PublicKey] => [
      id,
      addPublicKeys(points.get(id) as PublicKey, toSecretKey(mod(by)).toPublicKey()),
    ];
    expect(isOnPolynomial(new Map([...points, shifted(1, 9n), shifted(2, -9n)]), degree)).toBe(false);
  });

  it("takes ids above 2^32", () => {
    const {publicKey, publicKeyShares} = deal(scalars(2), [2 ** 32 + 1, 2 ** 32 + 2, Number.MAX_SAFE_INTEGER]);
    expect(isOnPolynomial(new Map([[0, publicKey], ...publicKeyShares]), 1)).toBe(true);
    expect(isOnPolynomial(new Map([[0, publicKey], ...publicKeyShares]), 0)).toBe(false);
  });
});
