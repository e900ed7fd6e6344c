import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  addPublicKeys,
  addSignatures,
  type PublicKey,
  parsePublicKey,
  parseSignature,
  readSignature,
  type Signature,
  verifySignature,
} from "../../../src/bls/curve.js";
import {mod} from "../../../src/bls/scalar.js";
import {areOfDegree, isOnPolynomial, recoverSignature} from "../../../src/bls/threshold.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {badSignatures} from "../../support/examples/badPoints.js";
import {aScalar, aSecretKey, deal, idsUpTo, scalars, signAll, subsets, toSecretKey} from "../../support/examples/keys.js";
import {recoverVectors} from "../../support/examples/recoverVectors.js";

const runs = {seed: 13, numRuns: 10};
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

describe("recoverSignature adds where the weights are small integers, and multiplies elsewhere", () => {
  const weightsAreIntegers = (ids: readonly number[]): boolean =>
    ids.every((id) => {
      const others = ids.filter((other) => other !== id).map(BigInt);
      const numerator = others.reduce((product, other) => product * other, 1n);
      return numerator % others.reduce((product, other) => product * (other - BigInt(id)), 1n) === 0n;
    });

  it.each([
    {ids: [1, 2, 3], integers: true},
    {ids: [1, 3, 4], integers: true},
    {ids: [1, 2, 4], integers: false},
    {ids: [2, 3, 4], integers: true},
    {ids: [1], integers: true},
    {ids: [7], integers: true},
    {ids: [4, 3, 2, 1], integers: true},
    {ids: idsUpTo(9), integers: true},
    {ids: [5, 6, 7, 8, 9, 10, 11, 12, 13], integers: true},
    {ids: [1, 2, 3, 4, 5, 6, 7, 8, 13], integers: false},
    {ids: [1, 3, 5, 6, 8, 9, 10, 12, 13], integers: false},
    {ids: [1, 1000], integers: false},
    {ids: [999, 1000], integers: true},
    {ids: [2 ** 40, 2 ** 40 + 1], integers: true},
  ])("recovers the same signature from $ids", ({ids, integers}) => {
    expect(weightsAreIntegers(ids)).toBe(integers);
    const {secretKey, secretShares} = deal(scalars(ids.length), ids);
    expect(toHex(recoverSignature(signAll(secretShares, root)).toBytes())).toBe(toHex(secretKey.sign(root).toBytes()));
  });

  it("recovers the same signature from 9 of 13, whichever they are", () => {
    const {secretKey, secretShares} = deal(scalars(9), idsUpTo(13));
    const signed = signAll(secretShares, root);
    const expected = toHex(secretKey.sign(root).toBytes());
    fc.assert(
      fc.property(fc.shuffledSubarray([...signed], {minLength: 9, maxLength: 9}), (some) => {
        expect(toHex(recoverSignature(new Map(some)).toBytes())).toBe(expected);
      }),
      {seed: 13, numRuns: 15},
    );
  });

  // Lagrange at 0 over {1, 2}: 2·s(1) - s(2); over {1, 4}: 4/3·s(1) - 1/3·s(4).
  it.each([
    {id: "adding", signed: new Map([[1, 4n] as const, [2, 8n] as const])},
    {id: "multiplying", signed: new Map([[1, 4n] as const, [4, 16n] as const])},
  ])("gives nothing that verifies for shares that cancel out: $id", ({signed}) => {
    const shares = new Map([...signed].map(([id, scalar]) => [id, toSecretKey(scalar).sign(root)]));
    const publicKey = aSecretKey().toPublicKey();
    const verifies = (): boolean => verifySignature(publicKey, root, recoverSignature(shares));
    let outcome: boolean | "thrown";
    try {
      outcome = verifies();
    } catch {
      outcome = "thrown";
    }
    expect([false, "thrown"]).toContain(outcome);
  });

  const outside = badSignatures.filter(({id}) => id.includes("subgroup") || id.includes("order"));
  it.each(
    outside.flatMap(({id, bytes}) =>
      [
        [1, 2, 3],
        [1, 2, 4],
      ].map((ids) => ({id, bytes, ids})),
    ),
  )("gives nothing that verifies for $ids, one of them $id", ({bytes, ids}) => {
    const {publicKey, secretShares} = deal(scalars(3), ids);
    const signed = signAll(secretShares, root);
    for (const id of ids) {
      const share = addSignatures(signed.get(id) as Signature, readSignature(bytes));
      expect(verifySignature(publicKey, root, recoverSignature(new Map([...signed, [id, share]])))).toBe(false);
    }
  });
});

describe("areOfDegree", () => {
  const stranger = aSecretKey("a stranger").toPublicKey();
  /** With the other test, for points at any x: on a polynomial of this degree, and on none of a lower one. */
  const areSo = (points: ReadonlyMap<number, PublicKey>, degree: number): boolean =>
    points.size >= degree + 2 && isOnPolynomial(points, degree) && (degree === 0 || !isOnPolynomial(points, degree - 1));

  const at = (degree: number, xs: readonly number[]): Map<number, PublicKey> => {
    // Its key stands at 0.
    const {publicKey, publicKeyShares} = deal(scalars(degree + 1, `degree ${degree}`), xs.length > 0 ? xs : [1]);
    return new Map(xs.map((x) => [x, x === 0 ? publicKey : (publicKeyShares.get(x) as PublicKey)]));
  };

  it("agrees with the other test, of points at 0, 1, 2 …, of which some are replaced", () => {
    const aCase = fc.record({
      degree: fc.integer({min: 0, max: 12}),
      size: fc.integer({min: 1, max: 14}),
      claimed: fc.integer({min: 0, max: 12}),
      replaced: fc.subarray(idsUpTo(14), {maxLength: 2}),
    });
    fc.assert(
      fc.property(aCase, ({degree, size, claimed, replaced}) => {
        const honest = at(degree, [0, ...idsUpTo(size - 1)]);
        const points = new Map([...honest].map(([x, point]) => [x, replaced.includes(x + 1) ? stranger : point]));
        for (const said of new Set([degree, claimed])) expect(areOfDegree(points, said)).toBe(areSo(points, said));
      }),
      {seed: 5, numRuns: 50},
    );
  });

  const degrees = [0, 1, 2, 3, 6, 8, 10, 11].map((degree) => ({degree}));

  it.each(degrees)("holds for points of degree $degree, and for no degree beside it", ({degree}) => {
    const points = at(degree, [0, ...idsUpTo(degree + 2)]);
    expect(areOfDegree(points, degree)).toBe(true);
    expect(areOfDegree(points, degree + 1)).toBe(false);
    if (degree > 0) expect(areOfDegree(points, degree - 1)).toBe(false);
  });

  it.each(degrees)("does not hold when any single one of degree $degree is another", ({degree}) => {
    const points = at(degree, [0, ...idsUpTo(degree + 2)]);
    const passed = [...points.keys()].filter((x) => areOfDegree(new Map([...points, [x, stranger]]), degree));
    expect(passed).toEqual([]);
  });

  it.each(degrees)("refuses so few points of degree $degree that there is always a polynomial", ({degree}) => {
    expect(areOfDegree(at(degree, [0, ...idsUpTo(degree)]), degree)).toBe(false);
  });

  it.each([
    {id: "in another order", xs: [0, 2, 1, 3, 4]},
    {id: "with a gap", xs: [0, 1, 2, 4, 5]},
    {id: "without 0", xs: [1, 2, 3, 4, 5]},
    {id: "far from each other", xs: [0, 7, 2 ** 32 + 7, Number.MAX_SAFE_INTEGER]},
  ])("holds for points $id, and not when one is another", ({xs}) => {
    const points = at(2, xs);
    expect(areOfDegree(points, 2)).toBe(true);
    expect(areOfDegree(points, 1)).toBe(false);
    expect(areOfDegree(new Map([...points, [xs[1] as number, stranger]]), 2)).toBe(false);
  });
});
