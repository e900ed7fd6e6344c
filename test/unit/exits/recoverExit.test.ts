import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {type PublicKey, parsePublicKey, parseSignature, type Signature} from "../../../src/bls/curve.js";
import {evaluate, invert, mod} from "../../../src/bls/scalar.js";
import {recoverExit, verifyShare} from "../../../src/exits/recoverExit.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {badSignatures} from "../../support/examples/badPoints.js";
import {aScalar, aSecretKey, deal, idsUpTo, scalars, signAll, subsets, toSecretKey} from "../../support/examples/keys.js";
import {recoverVectors} from "../../support/examples/recoverVectors.js";

const runs = {seed: 21, numRuns: 20};
const root = new Uint8Array(32).fill(5);
const hexOf = (signature: Signature | undefined): string | undefined => signature && toHex(signature.toBytes());

describe("verifyShare", () => {
  const {publicKeyShares, secretShares} = deal(scalars(3), idsUpTo(4));
  const publicKeyShare = publicKeyShares.get(1) as PublicKey;
  const share = signAll(secretShares, root).get(1) as Signature;

  it.each(recoverVectors)("holds for every share of $name under its own public key share only", ({signing_root, shares}) => {
    const verified = shares.map(({signature}) =>
      shares.filter((it) => verifyShare(parsePublicKey(fromHex(it.public_key)), fromHex(signing_root), fromHex(signature))),
    );
    expect(verified).toEqual(shares.map((own) => [own]));
  });

  it("returns the signature that it verified", () => {
    expect(hexOf(verifyShare(publicKeyShare, root, share.toBytes()))).toBe(hexOf(share));
  });

  it.each([
    ...badSignatures,
    {id: "the share of another root", bytes: (secretShares.get(1) ?? aSecretKey()).sign(new Uint8Array(32)).toBytes()},
    {id: "the share of another share index", bytes: (secretShares.get(2) ?? aSecretKey()).sign(root).toBytes()},
    {id: "a stranger's signature", bytes: aSecretKey("a stranger").sign(root).toBytes()},
  ])("is undefined for $id", ({bytes}) => {
    expect(verifyShare(publicKeyShare, root, bytes)).toBeUndefined();
  });

  it("finds both of two bad shares that cancel out, which the recovered exit would not show", () => {
    const coefficients = scalars(2);
    const {publicKey, secretKey, publicKeyShares: keys} = deal(coefficients, [1, 2]);
    // Lagrange at 0 over {1, 2}: 2·s(1) - s(2). What is added to one, the other subtracts.
    const offset = 77n;
    const bad = new Map([
      [1, toSecretKey(mod(evaluate(coefficients, 1n) + offset * invert(2n))).sign(root)],
      [2, toSecretKey(mod(evaluate(coefficients, 2n) + offset)).sign(root)],
    ]);
    expect(hexOf(recoverExit(bad, {threshold: 2, publicKey, root}))).toBe(hexOf(secretKey.sign(root)));
    const verified = [...bad].map(([id, signature]) => verifyShare(keys.get(id) as PublicKey, root, signature.toBytes()));
    expect(verified).toEqual([undefined, undefined]);
  });
});

describe("recoverExit", () => {
  it.each(recoverVectors)("returns the signature of $name from every $threshold of its shares", (cluster) => {
    const {threshold, signing_root, signature, public_key} = cluster;
    const validator = {threshold, publicKey: parsePublicKey(fromHex(public_key)), root: fromHex(signing_root)};
    const shares = cluster.shares.map((it) => [it.share_index, parseSignature(fromHex(it.signature))] as const);
    const recovered = subsets(shares, threshold).map((some) => hexOf(recoverExit(new Map(some), validator)));
    expect(new Set(recovered)).toEqual(new Set([signature]));
  });

  it("returns nothing for one share less than the threshold, even if a lower threshold is given", () => {
    const dealing = fc.integer({min: 2, max: 6}).chain((threshold) =>
      fc.record({
        coefficients: fc.array(aScalar, {minLength: threshold, maxLength: threshold}),
        ids: fc.shuffledSubarray(idsUpTo(9), {minLength: threshold - 1, maxLength: threshold - 1}),
      }),
    );
    fc.assert(
      fc.property(dealing, ({coefficients, ids}) => {
        const {publicKey, secretShares} = deal(coefficients, ids);
        const shares = signAll(secretShares, root);
        expect(recoverExit(shares, {threshold: ids.length + 1, publicKey, root})).toBeUndefined();
        expect(recoverExit(shares, {threshold: ids.length, publicKey, root})).toBeUndefined();
      }),
      runs,
    );
  });

  const {publicKey, secretKey, secretShares} = deal(scalars(3), idsUpTo(5));
  const shares = signAll(secretShares, root);
  const validator = {threshold: 3, publicKey, root};
  const some = (...ids: number[]): Map<number, Signature> => new Map(ids.map((id) => [id, shares.get(id) as Signature]));

  it("accepts more shares than it needs", () => {
    expect(hexOf(recoverExit(shares, validator))).toBe(hexOf(secretKey.sign(root)));
  });

  it("uses the first of them, and ignores the others", () => {
    const held = new Map([...some(4, 2, 5), [1, aSecretKey("a stranger").sign(root)]]);
    expect(hexOf(recoverExit(held, validator))).toBe(hexOf(secretKey.sign(root)));
  });

  it("returns nothing for fewer shares than the threshold, even if they would suffice", () => {
    const line = deal(scalars(2), [1, 2]);
    const held = signAll(line.secretShares, root);
    expect(recoverExit(held, {threshold: 2, publicKey: line.publicKey, root})).toBeDefined();
    expect(recoverExit(held, {threshold: 3, publicKey: line.publicKey, root})).toBeUndefined();
  });

  it.each([
    {id: "no shares", held: some()},
    {id: "a share under the wrong index", held: new Map([...some(1, 2), [4, shares.get(3) as Signature]])},
    {id: "one share under three indexes", held: new Map([1, 2, 3].map((id) => [id, shares.get(1) as Signature]))},
    {id: "a stranger's share among them", held: new Map([...some(1, 2), [3, aSecretKey("a stranger").sign(root)]])},
    {id: "a share of another root among them", held: new Map([...some(1, 2), [3, aSecretKey().sign(new Uint8Array(32))]])},
  ])("returns nothing for $id", ({held}) => {
    expect(recoverExit(held, validator)).toBeUndefined();
  });

  it("returns nothing for shares that cancel out to infinity", () => {
    const cancelling = new Map([
      [1, toSecretKey(4n).sign(root)],
      [2, toSecretKey(8n).sign(root)],
    ]);
    expect(recoverExit(cancelling, {...validator, threshold: 2})).toBeUndefined();
  });

  it("returns nothing under another validator's key", () => {
    expect(recoverExit(shares, {...validator, publicKey: aSecretKey().toPublicKey()})).toBeUndefined();
  });
});
