import {describe, expect, it} from "vitest";
import {
  addPublicKeys,
  addSignatures,
  negateSignature,
  parsePublicKey,
  parseSecretKey,
  parseSignature,
  readSignature,
  verifySignature,
} from "../../../src/bls/curve.js";
import {curveOrder, mod} from "../../../src/bls/scalar.js";
import {toHex} from "../../../src/runtime/hex.js";
import {badPublicKeys, badSignatures} from "../../support/examples/badPoints.js";
import {aSecretKey, scalars, toSecretKey} from "../../support/examples/keys.js";

const root = new Uint8Array(32).fill(1);
const bytesOf = (scalar: bigint): Uint8Array => new Uint8Array(Buffer.from(scalar.toString(16).padStart(64, "0"), "hex"));

describe("parsePublicKey", () => {
  it("reads back what a key writes", () => {
    const bytes = aSecretKey().toPublicKey().toBytes();
    expect(toHex(parsePublicKey(bytes).toBytes())).toBe(toHex(bytes));
  });

  it.each(badPublicKeys)("refuses $id", ({bytes}) => {
    expect(() => parsePublicKey(bytes)).toThrow();
  });
});

describe("parseSignature", () => {
  it("reads back what a key signs", () => {
    const bytes = aSecretKey().sign(root).toBytes();
    expect(toHex(parseSignature(bytes).toBytes())).toBe(toHex(bytes));
  });

  it.each(badSignatures)("refuses $id", ({bytes}) => {
    expect(() => parseSignature(bytes)).toThrow();
  });
});

describe("readSignature", () => {
  it("reads back what a key signs", () => {
    const bytes = aSecretKey().sign(root).toBytes();
    expect(toHex(readSignature(bytes).toBytes())).toBe(toHex(bytes));
  });

  const points = ["a point of the curve outside the subgroup", "a point of order 13", "infinity"];

  it.each(badSignatures.filter(({id}) => points.includes(id)))("reads $id, which nothing takes for a signature", ({bytes}) => {
    const point = readSignature(bytes);
    expect(toHex(point.toBytes())).toBe(toHex(bytes));
    expect(verifySignature(aSecretKey().toPublicKey(), root, point)).toBe(false);
  });

  it.each(badSignatures.filter(({id}) => !points.includes(id)))("refuses $id", ({bytes}) => {
    expect(() => readSignature(bytes)).toThrow();
  });
});

describe("negateSignature", () => {
  const secretKey = aSecretKey();
  const signature = secretKey.sign(root);

  it("gives what the opposite key signs", () => {
    const [scalar] = scalars(1, "a key") as [bigint];
    expect(toHex(negateSignature(signature).toBytes())).toBe(toHex(toSecretKey(mod(-scalar)).sign(root).toBytes()));
  });

  it("gives the signature itself when it is done twice", () => {
    expect(toHex(negateSignature(negateSignature(signature)).toBytes())).toBe(toHex(signature.toBytes()));
  });

  it("gives what adds up with it to infinity, which verifies for no key", () => {
    const sum = addSignatures(signature, negateSignature(signature));
    expect(toHex(sum.toBytes())).toBe(`0xc0${"00".repeat(95)}`);
    expect(verifySignature(secretKey.toPublicKey(), root, sum)).toBe(false);
    expect(() => negateSignature(sum)).toThrow();
  });

  it("changes nothing of the signature that it is given", () => {
    const before = toHex(signature.toBytes());
    negateSignature(signature);
    expect(toHex(signature.toBytes())).toBe(before);
  });
});

describe("parseSecretKey", () => {
  it.each([
    {id: "one", bytes: bytesOf(1n)},
    {id: "the curve order less one", bytes: bytesOf(curveOrder - 1n)},
  ])("reads $id", ({bytes}) => {
    expect(toHex(parseSecretKey(bytes).toBytes())).toBe(toHex(bytes));
  });

  it.each([
    {id: "no bytes", bytes: new Uint8Array()},
    {id: "zero", bytes: bytesOf(0n)},
    {id: "the curve order", bytes: bytesOf(curveOrder)},
    {id: "more than the curve order", bytes: new Uint8Array(32).fill(0xff)},
    {id: "a byte too few", bytes: bytesOf(1n).subarray(1)},
    {id: "a byte too many", bytes: Uint8Array.of(0, ...bytesOf(1n))},
  ])("refuses $id", ({bytes}) => {
    expect(() => parseSecretKey(bytes)).toThrow();
  });
});

describe("verifySignature", () => {
  const secretKey = aSecretKey();
  const publicKey = secretKey.toPublicKey();

  it("holds for the key that signed the root", () => {
    expect(verifySignature(publicKey, root, secretKey.sign(root))).toBe(true);
  });

  it.each([
    {id: "another root", signature: secretKey.sign(new Uint8Array(32))},
    {id: "another key", signature: aSecretKey("another").sign(root)},
    {
      id: "infinity, to which a signature and its opposite add up",
      signature: addSignatures(toSecretKey(5n).sign(root), toSecretKey(mod(-5n)).sign(root)),
    },
  ])("does not hold for a signature of $id", ({signature}) => {
    expect(verifySignature(publicKey, root, signature)).toBe(false);
  });

  it("does not hold for a good signature and a point of order 13 together, ever", () => {
    const {bytes} = badSignatures.find(({id}) => id === "a point of order 13") as {bytes: Uint8Array};
    const mixed = addSignatures(secretKey.sign(root), readSignature(bytes));
    expect(verifySignature(publicKey, root, mixed)).toBe(false);
  });
});

it("adds signatures and public keys as their secret keys add", () => {
  const [left, right] = scalars(2) as [bigint, bigint];
  const sum = toSecretKey(mod(left + right));
  const [leftKey, rightKey] = [toSecretKey(left), toSecretKey(right)];
  expect(toHex(addSignatures(leftKey.sign(root), rightKey.sign(root)).toBytes())).toBe(toHex(sum.sign(root).toBytes()));
  expect(toHex(addPublicKeys(leftKey.toPublicKey(), rightKey.toPublicKey()).toBytes())).toBe(toHex(sum.toPublicKey().toBytes()));
});
