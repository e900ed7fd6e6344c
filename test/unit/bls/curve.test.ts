import {describe, expect, it} from "vitest";
import {
  addPublicKeys,
  addSignatures,
  parsePublicKey,
  parseSecretKey,
  parseSignature,
  verifySignature,
} from "../../../src/bls/curve.js";
import {curveOrder, mod} from "../../../src/bls/scalar.js";
import {toHex} from "../../../src/runtime/hex.js";
import {badPublicKeys, badSignatures} from "../support/badPoints.js";
import {aSecretKey, scalars, toSecretKey} from "../support/keys.js";

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
});

it("adds signatures and public keys as their secret keys add", () => {
  const [left, right] = scalars(2) as [bigint, bigint];
  const sum = toSecretKey(mod(left + right));
  const [leftKey, rightKey] = [toSecretKey(left), toSecretKey(right)];
  expect(toHex(addSignatures(leftKey.sign(root), rightKey.sign(root)).toBytes())).toBe(toHex(sum.sign(root).toBytes()));
  expect(toHex(addPublicKeys(leftKey.toPublicKey(), rightKey.toPublicKey()).toBytes())).toBe(toHex(sum.toPublicKey().toBytes()));
});
