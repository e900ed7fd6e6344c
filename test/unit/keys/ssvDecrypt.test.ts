import {constants, privateDecrypt, publicEncrypt} from "node:crypto";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {curveOrder} from "../../../src/bls/scalar.js";
import {decryptKeyShare, unpad} from "../../../src/keys/ssvDecrypt.js";
import {toHex} from "../../../src/runtime/hex.js";
import type {SsvOperator} from "../../../src/sandbox/makeSsvCluster.js";
import {aSecretKey} from "../../support/examples/keys.js";
import {ssvOperators} from "../../support/examples/ssvCluster.js";

const [{publicKey, privateKey}] = ssvOperators as [SsvOperator];
const secretKey = aSecretKey("a share");
const hex = toHex(secretKey.toBytes());

/** 0, 2, the padding, 0, the message: 256 bytes, each part as it is given. */
const block = (message: Uint8Array, {head = [0, 2], padding = new Uint8Array(256 - 3 - message.length).fill(7), zero = 0} = {}) =>
  Uint8Array.of(...head, ...padding, zero, ...message);
const text = (message: string): Uint8Array => new Uint8Array(Buffer.from(message));
const padded = (message: string): Uint8Array =>
  publicEncrypt({key: publicKey, padding: constants.RSA_PKCS1_PADDING}, text(message));
const raw = (bytes: Uint8Array): Uint8Array => publicEncrypt({key: publicKey, padding: constants.RSA_NO_PADDING}, bytes);
const open = (encrypted: Uint8Array): string | undefined => {
  const opened = decryptKeyShare(privateKey, encrypted);
  return opened && toHex(opened.toBytes());
};

describe("unpad", () => {
  it("gives back any message that was padded by the book", () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 245}), (message) => {
        const encrypted = publicEncrypt({key: publicKey, padding: constants.RSA_PKCS1_PADDING}, message);
        const opened = unpad(privateDecrypt({key: privateKey, padding: constants.RSA_NO_PADDING}, encrypted));
        expect(opened && new Uint8Array(opened)).toEqual(message);
      }),
      {seed: 13, numRuns: 20},
    );
  });

  const message = text("message");
  const short = (length: number): Uint8Array => Uint8Array.of(0, 2, ...new Uint8Array(length).fill(0xff), 0, ...message);

  it("takes eight bytes of padding, and a message with zeros in it", () => {
    expect(unpad(short(8))).toEqual(message);
    expect(unpad(block(Uint8Array.of(0, 1, 0)))).toEqual(Uint8Array.of(0, 1, 0));
  });

  it.each([
    {id: "a first byte of 1", bytes: block(message, {head: [1, 2]})},
    {id: "a first byte of 128", bytes: block(message, {head: [128, 2]})},
    {id: "block type 1, which is for signatures", bytes: block(message, {head: [0, 1]})},
    {id: "block type 0", bytes: block(message, {head: [0, 0]})},
    {id: "block type 3", bytes: block(message, {head: [0, 3]})},
    {id: "no zero after the padding", bytes: block(message, {zero: 1})},
    {id: "seven bytes of padding", bytes: short(7)},
    {id: "no padding", bytes: short(0)},
    {id: "zeros", bytes: new Uint8Array(256)},
  ])("refuses $id", ({bytes}) => {
    expect(unpad(bytes)).toBeUndefined();
  });
});

describe("decryptKeyShare", () => {
  it.each([
    {id: "with 0x", message: hex},
    {id: "without", message: hex.slice(2)},
    {id: "in upper case", message: hex.slice(2).toUpperCase()},
  ])("opens the hex of a key $id", ({message}) => {
    expect(open(padded(message))).toBe(hex);
  });

  it.each([
    {id: "nothing", encrypted: padded("")},
    {id: "a digit too few", encrypted: padded(hex.slice(0, -1))},
    {id: "a digit too many", encrypted: padded(`${hex}0`)},
    {id: "a newline after it", encrypted: padded(`${hex}\n`)},
    {id: "what is not hex", encrypted: padded(`${hex.slice(0, -1)}g`)},
    {
      id: "the bytes of the key themselves",
      encrypted: publicEncrypt({key: publicKey, padding: constants.RSA_PKCS1_PADDING}, secretKey.toBytes()),
    },
    {id: "zero", encrypted: padded("0x".padEnd(66, "0"))},
    {id: "the curve order", encrypted: padded(`0x${curveOrder.toString(16)}`)},
    {id: "the key in a block of type 1", encrypted: raw(block(text(hex), {head: [0, 1]}))},
    {id: "the key with no zero before it", encrypted: raw(block(text(hex), {zero: 9}))},
    {id: "the key with zeros for padding", encrypted: raw(block(text(hex), {padding: new Uint8Array(256 - 3 - 66)}))},
    {id: "the key in OAEP", encrypted: publicEncrypt({key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING}, text(hex))},
    {id: "a number above the modulus", encrypted: new Uint8Array(256).fill(0xff)},
    {id: "zeros", encrypted: new Uint8Array(256)},
    {id: "too few bytes", encrypted: padded(hex).subarray(1)},
    {id: "no bytes", encrypted: new Uint8Array()},
  ])("does not open $id", ({encrypted}) => {
    expect(open(encrypted)).toBeUndefined();
  });

  it("does not open what begins with a zero without that zero", () => {
    let encrypted = padded(hex);
    while (encrypted[0] !== 0) encrypted = padded(hex);
    expect(open(encrypted)).toBe(hex);
    expect(open(encrypted.subarray(1))).toBeUndefined();
  });

  it("does not open what is encrypted to another key", () => {
    const [, other] = ssvOperators as [SsvOperator, SsvOperator];
    expect(decryptKeyShare(other.privateKey, padded(hex))).toBeUndefined();
  });
});
