import * as eciesjs from "eciesjs";
import {describe, expect, it} from "vitest";
import * as ecies from "../../../src/ecies/ecies.js";
import {publicKeyOf} from "../../../src/ecies/keys.js";
import {type Ecies, loadNative} from "../../../src/ecies/native.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {vector} from "../../support/files.js";

type Message = {private_key: string; public_key: string; plaintext: string; ciphertext: string};
const {messages} = vector<{messages: Message[]}>("ecies.json");
const [{private_key}] = messages as [Message];
const privateKey = fromHex(private_key);
const publicKey = publicKeyOf(privateKey);
const plaintext = new Uint8Array(96).fill(6);

it("loads the native module here", () => {
  expect(loadNative()).toBeDefined();
  expect(ecies.isNative).toBe(true);
});

describe.each([
  {id: "what roles use", ecies},
  {id: "the native module", ecies: loadNative() as Ecies},
])("$id", ({ecies: {encryptEach, decrypt}}) => {
  const encrypt = (publicKey: Uint8Array, plaintext: Uint8Array): Uint8Array =>
    encryptEach([{publicKey, plaintext}])[0] as Uint8Array;

  it.each(messages)("decrypts StakeWise's ciphertext $ciphertext", (message) => {
    expect(toHex(decrypt(fromHex(message.private_key), fromHex(message.ciphertext)))).toBe(message.plaintext);
  });

  it.each(messages)("writes to $public_key what eciesjs decrypts", (message) => {
    const ciphertext = encrypt(fromHex(message.public_key), fromHex(message.plaintext));
    expect(toHex(eciesjs.decrypt(fromHex(message.private_key), ciphertext))).toBe(message.plaintext);
  });

  it("decrypts what eciesjs writes", () => {
    const ciphertext = eciesjs.encrypt(Uint8Array.of(4, ...publicKey), plaintext);
    expect(toHex(decrypt(privateKey, ciphertext))).toBe(toHex(plaintext));
  });

  it("writes a 65-byte key, a nonce, a tag and the ciphertext, anew every time", () => {
    const [once, again] = [encrypt(publicKey, plaintext), encrypt(publicKey, plaintext)];
    expect(once).toHaveLength(65 + 16 + 16 + 96);
    expect(once[0]).toBe(4);
    expect(toHex(once)).not.toBe(toHex(again));
  });

  it("writes to each of several what eciesjs decrypts with its key alone", () => {
    const parts = messages.map((message) => ({
      publicKey: fromHex(message.public_key),
      plaintext: fromHex(message.plaintext),
    }));
    const ciphertexts = encryptEach(parts);
    const opened = ciphertexts.map((ciphertext) =>
      messages.map(({private_key}) => {
        try {
          return toHex(eciesjs.decrypt(fromHex(private_key), ciphertext));
        } catch {
          return undefined;
        }
      }),
    );
    const own = messages.map((message, own) => messages.map((_, other) => (other === own ? message.plaintext : undefined)));
    expect(opened).toEqual(own);
  });

  it("writes several to one key as messages of their own, each with another nonce", () => {
    const [{public_key, private_key}] = messages as [(typeof messages)[number]];
    const plaintexts = Array.from({length: 8}, (_, position) => new Uint8Array(96).fill(position));
    const ciphertexts = encryptEach(plaintexts.map((plaintext) => ({publicKey: fromHex(public_key), plaintext})));
    const opened = ciphertexts.map((ciphertext) => toHex(eciesjs.decrypt(fromHex(private_key), ciphertext)));
    expect(opened).toEqual(plaintexts.map(toHex));
    expect(new Set(ciphertexts.map((ciphertext) => toHex(ciphertext.subarray(65, 81)))).size).toBe(8);
  });

  it.each([
    {id: "off the curve", key: new Uint8Array(64).fill(1)},
    {id: "infinity's zeros", key: new Uint8Array(64)},
    {id: "a byte too short", key: publicKey.subarray(1)},
    {id: "with the 04 before it", key: Uint8Array.of(4, ...publicKey)},
  ])("refuses to encrypt to a key that is $id", ({key}) => {
    expect(() => encrypt(key, plaintext)).toThrow();
  });
});

describe("decrypt", () => {
  const ciphertext = ecies.encrypt(publicKey, plaintext);
  const flipped = (position: number): Uint8Array => ciphertext.map((byte, index) => (index === position ? byte ^ 1 : byte));
  const refusals = [
    {id: "nothing", message: new Uint8Array()},
    {id: "a head without ciphertext", message: ciphertext.subarray(0, 97)},
    {id: "the last byte cut off", message: ciphertext.subarray(0, -1)},
    {id: "a byte more", message: Uint8Array.of(...ciphertext, 0)},
    {id: "another prefix of the key", message: flipped(0)},
    {id: "a key off the curve", message: flipped(64)},
    {id: "another nonce", message: flipped(65)},
    {id: "another tag", message: flipped(81)},
    {id: "an altered ciphertext", message: flipped(97)},
    {id: "a message to somebody else", message: ecies.encrypt(publicKeyOf(new Uint8Array(32).fill(9)), plaintext)},
  ].map((row) => ({...row, read: () => ecies.decrypt(privateKey, row.message)}));

  it.each(refusals)("refuses $id", ({read}) => {
    expect(read).toThrow();
  });

  it("throws the same error for every failure", () => {
    const told = refusals.map(({read}) => {
      try {
        return read();
      } catch (error) {
        return String(error);
      }
    });
    expect(new Set(told).size).toBe(1);
  });
});
