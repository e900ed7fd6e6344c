import {PublicKey as ParsedPublicKey} from "@chainsafe/bls/blst-native";
import {PointFormat} from "@chainsafe/bls/types";
import blst from "@chainsafe/blst";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {findInvalid, type SignedRoot} from "../../../src/bls/batch.js";
import {addSignatures, negateSignature, type PublicKey, readSignature, type Signature} from "../../../src/bls/curve.js";
import {evaluate, invert, mod} from "../../../src/bls/scalar.js";
import {recoverSignature} from "../../../src/bls/threshold.js";
import {toHex} from "../../../src/runtime/hex.js";
import {badSignatures} from "../../support/examples/badPoints.js";
import {aSecretKey, deal, idsUpTo, scalars, toSecretKey} from "../../support/examples/keys.js";

const runs = {seed: 23, numRuns: 20};

type Signed = SignedRoot["signatures"][number];
type Signatures = [Signed, ...Signed[]];
type Root = {readonly root: Uint8Array; readonly signatures: Signatures};

const rootOf = (position: number): Uint8Array => new Uint8Array(32).fill(position + 1);

const held = new Map<string, Signed>();
/** Signs once for each key and root. */
function sign(seed: string, root: Uint8Array): Signed {
  const name = `${seed} ${toHex(root)}`;
  const secretKey = aSecretKey(seed);
  const signed = held.get(name) ?? {publicKey: secretKey.toPublicKey(), signature: secretKey.sign(root)};
  held.set(name, signed);
  return signed;
}

/** So many signatures of one root, each of another key. */
const aRoot = (position: number, count: number, root = rootOf(position)): Root => ({
  root,
  signatures: idsUpTo(count).map((id) => sign(`${position} ${id}`, root)) as Signatures,
});

/** The root with another signature in one place. */
const withSignature = ({root, signatures}: Root, position: number, signature: Signature): Root => ({
  root,
  signatures: signatures.map((it, at) => (at === position ? {...it, signature} : it)) as Signatures,
});

const plus = (signed: Root, position: number, point: Signature): Root =>
  withSignature(signed, position, addSignatures((signed.signatures[position] as Signed).signature, point));

const sixteen = Array.from({length: 16}, (_, position) => aRoot(position, 1 + (position % 5)));
const aPoint = aSecretKey("a point").sign(rootOf(99));

describe("good signatures", () => {
  const counts = [1, 2, 8, 16].flatMap((roots) => [1, 2, 3, 4, 5].map((each) => ({roots, each})));

  it.each(counts)("are none of them named: $roots roots of $each", async ({roots, each}) => {
    expect(await findInvalid(Array.from({length: roots}, (_, position) => aRoot(position, each)))).toEqual([]);
  });

  it("are none of them named where there are no roots", async () => {
    expect(await findInvalid([])).toEqual([]);
  });

  it("are none of them named where two keys sign one root, as two validators do that were given one index", async () => {
    const root = rootOf(7);
    expect(await findInvalid([aRoot(0, 3, root), aRoot(1, 3, root)])).toEqual([]);
  });
});

describe("the roots with a bad signature are named, and no others", () => {
  it.each(sixteen.map((_, position) => ({position})))("when it is the one at $position", async ({position}) => {
    const roots = sixteen.with(position, plus(sixteen[position] as Root, 0, aPoint));
    expect(await findInvalid(roots)).toEqual([roots[position]]);
  });

  it.each([0, 1, 2, 3, 4])("when it is the signature at %i of five", async (position) => {
    const bad = plus(aRoot(0, 5), position, aPoint);
    expect(await findInvalid([aRoot(1, 5), bad, aRoot(2, 5)])).toEqual([bad]);
  });

  it("whichever they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), {minLength: 1, maxLength: 16}), async (areBad) => {
        const roots = areBad.map((isBad, position) => {
          const signed = sixteen[position] as Root;
          return isBad ? plus(signed, signed.signatures.length - 1, aPoint) : signed;
        });
        expect(new Set(await findInvalid(roots))).toEqual(new Set(roots.filter((_, position) => areBad[position])));
      }),
      runs,
    );
  });

  it.each([
    {id: "it is of another root", signature: aSecretKey("0 1").sign(rootOf(5))},
    {id: "it is of another key", signature: aSecretKey("a stranger").sign(rootOf(0))},
    {id: "it is the opposite", signature: negateSignature(aSecretKey("0 1").sign(rootOf(0)))},
  ])("when $id", async ({signature}) => {
    const bad = withSignature(aRoot(0, 3), 0, signature);
    expect(await findInvalid([bad, aRoot(1, 3)])).toEqual([bad]);
  });

  it("when the keys changed places", async () => {
    const {root, signatures} = aRoot(0, 2);
    const [first, second] = signatures as unknown as [Signed, Signed];
    const swapped: Root = {
      root,
      signatures: [
        {publicKey: second.publicKey, signature: first.signature},
        {publicKey: first.publicKey, signature: second.signature},
      ],
    };
    expect(await findInvalid([swapped])).toEqual([swapped]);
  });
});

describe("bad signatures that cancel out are named", () => {
  it("when what is added to one is taken from another of the same root", async () => {
    const bad = plus(plus(aRoot(0, 4), 1, aPoint), 2, negateSignature(aPoint));
    const sumOf = ({signatures}: Root): string => toHex(addSignatures(...signatures.map((it) => it.signature)).toBytes());
    expect(sumOf(bad)).toBe(sumOf(aRoot(0, 4)));
    expect(await findInvalid([aRoot(1, 4), bad])).toEqual([bad]);
  });

  it("when they recover to the exit all the same, which is signed too", async () => {
    const root = rootOf(0);
    const coefficients = scalars(2);
    const {publicKey, secretKey, publicKeyShares} = deal(coefficients, [1, 2]);
    // Lagrange at 0 over {1, 2}: 2·s(1) - s(2).
    const shares = new Map([
      [1, toSecretKey(mod(evaluate(coefficients, 1n) + 77n * invert(2n))).sign(root)],
      [2, toSecretKey(mod(evaluate(coefficients, 2n) + 77n)).sign(root)],
    ]);
    const recovered = recoverSignature(shares);
    expect(toHex(recovered.toBytes())).toBe(toHex(secretKey.sign(root).toBytes()));
    const signed = [...shares].map(([id, signature]) => ({publicKey: publicKeyShares.get(id) as PublicKey, signature}));
    const bad: Root = {root, signatures: [{publicKey, signature: recovered}, ...signed]};
    expect(await findInvalid([bad, aRoot(1, 3)])).toEqual([bad]);
  });

  it.each([
    {id: "of several signatures", each: 3, root: rootOf(1)},
    {id: "of one signature each", each: 1, root: rootOf(1)},
    {id: "of one signature each, which are of one root", each: 1, root: rootOf(0)},
  ])("when what is added to one is taken from one of another: $id", async ({each, root}) => {
    const left = plus(aRoot(0, each), 0, aPoint);
    const right = plus(aRoot(1, each, root), 0, negateSignature(aPoint));
    expect(new Set(await findInvalid([left, aRoot(2, 2), right]))).toEqual(new Set([left, right]));
  });
});

describe("what can be read and is no signature is named, every time", () => {
  const isRead = ({bytes}: {bytes: Uint8Array}): boolean => {
    try {
      return readSignature(bytes) !== undefined;
    } catch {
      return false;
    }
  };
  const readable = badSignatures.filter(isRead);

  it("is infinity, and what is outside the subgroup", async () => {
    expect(readable.map(({id}) => id)).toEqual(["a point of the curve outside the subgroup", "infinity", "a point of order 13"]);
  });

  it.each(readable)("alone: $id", async ({bytes}) => {
    const bad = withSignature(aRoot(0, 2), 1, readSignature(bytes));
    expect(await findInvalid([aRoot(1, 2), bad])).toEqual([bad]);
    for (let round = 0; round < 200; round++) expect(await findInvalid([bad])).toEqual([bad]);
  });

  it.each(readable.filter(({id}) => id !== "infinity"))("added to a good signature: $id", async ({bytes}) => {
    const bad = plus(aRoot(0, 2), 1, readSignature(bytes));
    expect(await findInvalid([aRoot(1, 2), bad])).toEqual([bad]);
    for (let round = 0; round < 200; round++) expect(await findInvalid([bad])).toEqual([bad]);
  });

  it("added to one and taken from another: a point of order 13", async () => {
    const point = readSignature((badSignatures.at(-1) as {bytes: Uint8Array}).bytes);
    expect(addSignatures(...Array<Signature>(13).fill(point)).toBytes()).toEqual(
      badSignatures.find(({id}) => id === "infinity")?.bytes,
    );
    const bad = plus(plus(aRoot(0, 2), 0, point), 1, negateSignature(point));
    for (let round = 0; round < 200; round++) expect(await findInvalid([bad])).toEqual([bad]);
  });
});

it("multiplies by what nobody knew before, and by something else every time", async () => {
  const {root, signatures} = aRoot(0, 2);
  const sets = signatures.map(({publicKey, signature}) => ({
    pk: ParsedPublicKey.convertToBlstPublicKeyArg(publicKey),
    sig: signature.toBytes(PointFormat.uncompressed),
  }));
  // One signature alone is multiplied too: else those of two roots could cancel out.
  for (const some of [sets, sets.slice(0, 1)]) {
    const drawn = await Promise.all(Array.from({length: 20}, () => blst.asyncAggregateWithRandomness(some)));
    expect(new Set(drawn.map(({pk}) => toHex(pk.toBytes()))).size).toBe(20);
    expect(new Set(drawn.map(({sig}) => toHex(sig.toBytes()))).size).toBe(20);
    for (const {pk, sig} of drawn) expect(blst.aggregateVerify([root], [pk], sig, true, true)).toBe(true);
  }
});
