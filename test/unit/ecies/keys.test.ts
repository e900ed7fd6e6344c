import {describe, expect, it} from "vitest";
import {generatePrivateKey, isPublicKey, publicKeyOf} from "../../../src/ecies/keys.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {vector} from "../../support/files.js";

const {messages} = vector<{messages: {private_key: string; public_key: string}[]}>("ecies.json");
const publicKey = publicKeyOf(new Uint8Array(32).fill(1));
const order = fromHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

it.each(messages)("knows the public key of $private_key", ({private_key, public_key}) => {
  expect(toHex(publicKeyOf(fromHex(private_key)))).toBe(public_key);
});

it.each([
  {id: "zero", bytes: new Uint8Array(32)},
  {id: "the curve's order", bytes: order},
])("refuses $id as a private key", ({bytes}) => {
  expect(() => publicKeyOf(bytes)).toThrow();
});

it("generates 32-byte keys, never the same twice", () => {
  const keys = Array.from({length: 300}, generatePrivateKey);
  expect(new Set(keys.map(({length}) => length))).toEqual(new Set([32]));
  expect(new Set(keys.map(toHex)).size).toBe(300);
});

describe("isPublicKey", () => {
  it.each([
    {id: "a key", bytes: publicKey, expected: true},
    {id: "no bytes", bytes: new Uint8Array(), expected: false},
    {id: "63 bytes", bytes: publicKey.subarray(1), expected: false},
    {id: "a key with the 04 before it", bytes: Uint8Array.of(4, ...publicKey), expected: false},
    {id: "zeros", bytes: new Uint8Array(64), expected: false},
    {id: "a point off the curve", bytes: publicKey.with(63, (publicKey[63] as number) ^ 1), expected: false},
  ])("is $expected for $id", ({bytes, expected}) => {
    expect(isPublicKey(bytes)).toBe(expected);
  });
});
