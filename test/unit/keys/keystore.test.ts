import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {parseSecretKey} from "../../../src/bls/curve.js";
import {decryptKeystore, Keystore} from "../../../src/keys/keystore.js";
import {readJson} from "../../../src/runtime/files.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {toKeystore} from "../../../src/sandbox/makeCluster.js";
import {aSecretKey} from "../../support/examples/keys.js";
import {fixture, useFolder} from "../../support/files.js";

const folder = useFolder();
const read = (path: string): Promise<Keystore> => readJson(path, "the keystore", Keystore, "KEYSTORE_INVALID");
const open = async (path: string, password: string): Promise<Uint8Array> => decryptKeystore(await read(path), password, path);

describe("EIP-2335's keystores", async () => {
  const secret = "0x000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";

  it.each([
    {id: "pbkdf2", name: "test0.json"},
    {id: "scrypt", name: "test1.json"},
  ])("open to the EIP's secret: $id", async ({name}) => {
    expect(toHex(await open(fixture("eip2335", name), "𝔱𝔢𝔰𝔱𝔭𝔞𝔰𝔰𝔴𝔬𝔯𝔡🔑"))).toBe(secret);
  });

  /** With the EIP's secret and password, at a cost that a test can bear. */
  const path = folder.write("cheap.json", await toKeystore(parseSecretKey(fromHex(secret)), "testpassword🔑", 2));

  it.each([
    {id: "the password normalised", password: "testpassword🔑"},
    {id: "control characters in it, which are stripped", password: "\u0000test\u0008pass\u007fword\u0085🔑"},
    {id: "a newline at its end, as editors leave it", password: "testpassword🔑\r\n"},
  ])("open with $id", async ({password}) => {
    expect(toHex(await open(path, password))).toBe(secret);
  });

  it.each(["testpassword", "Testpassword🔑", "testpassword🔑 ", ""])("do not open with %j", async (password) => {
    await expect(open(path, password)).rejects.toMatchObject({code: "KEYSTORE_PASSWORD_WRONG"});
  });
});

it("opens charon's keystore, which has no path, with its own password file", async () => {
  const path = fixture("charon", "keystore-scrypt.json");
  const secret = await open(path, readFileSync(fixture("charon", "keystore-scrypt.txt"), "utf8"));
  const {pubkey} = await read(path);
  expect(toHex(parseSecretKey(secret).toPublicKey().toBytes())).toBe(`0x${pubkey}`);
});

describe("the file's shape", async () => {
  type Loose = {
    version: unknown;
    pubkey?: unknown;
    crypto: Record<"kdf" | "checksum" | "cipher", {params: object; message: unknown; function: unknown}>;
  };
  const secretKey = aSecretKey();
  const keystore = (await toKeystore(secretKey, "password", 2)) as Loose;
  const scrypt = {dklen: 32, n: 2, r: 8, p: 1, salt: "00"};
  const withChange = (change: (keystore: Loose) => unknown): string => {
    const changed = structuredClone(keystore);
    change(changed);
    return folder.write("keystore.json", changed);
  };

  it.each<{id: string; change: (keystore: Loose) => unknown}>([
    {id: "as it was written", change: () => {}},
    {
      id: "without pubkey, path and uuid",
      change: (it) => ["pubkey", "path", "uuid"].map((name) => Reflect.deleteProperty(it, name)),
    },
    {id: "with an empty pubkey", change: (it) => Object.assign(it, {pubkey: ""})},
    {id: "with fields of its own", change: (it) => Object.assign(it, {name: "keystore", description: ""})},
    {
      id: "with hex in upper case",
      change: ({crypto}) => Object.assign(crypto.cipher, {message: String(crypto.cipher.message).toUpperCase()}),
    },
  ])("is read $id", async ({change}) => {
    expect(toHex(await open(withChange(change), "password"))).toBe(toHex(secretKey.toBytes()));
  });

  it.each<{id: string; change: (keystore: Loose) => unknown}>([
    {id: "version 3", change: (it) => Object.assign(it, {version: 3})},
    {id: "no version", change: (it) => Reflect.deleteProperty(it, "version")},
    {id: "no crypto", change: (it) => Reflect.deleteProperty(it, "crypto")},
    {id: "no checksum", change: ({crypto}) => Reflect.deleteProperty(crypto, "checksum")},
    {id: "another checksum function", change: ({crypto}) => Object.assign(crypto.checksum, {function: "sha1"})},
    {id: "a checksum of 31 bytes", change: ({crypto}) => Object.assign(crypto.checksum, {message: "00".repeat(31)})},
    {id: "another cipher", change: ({crypto}) => Object.assign(crypto.cipher, {function: "aes-256-cbc"})},
    {id: "a ciphertext of 31 bytes", change: ({crypto}) => Object.assign(crypto.cipher, {message: "00".repeat(31)})},
    {id: "a ciphertext that is not hex", change: ({crypto}) => Object.assign(crypto.cipher, {message: "zz".repeat(32)})},
    {id: "an iv of 12 bytes", change: ({crypto}) => Object.assign(crypto.cipher, {params: {iv: "00".repeat(12)}})},
    {id: "a pubkey of 47 bytes", change: (it) => Object.assign(it, {pubkey: "00".repeat(47)})},
    {id: "an unknown kdf", change: ({crypto}) => Object.assign(crypto.kdf, {function: "argon2"})},
    {id: "pbkdf2 without rounds", change: ({crypto}) => Object.assign(crypto.kdf.params, {c: 0})},
    {id: "pbkdf2 of a billion rounds", change: ({crypto}) => Object.assign(crypto.kdf.params, {c: 1e9})},
    {id: "pbkdf2 with another hash", change: ({crypto}) => Object.assign(crypto.kdf.params, {prf: "hmac-sha1"})},
    {id: "pbkdf2 with no salt", change: ({crypto}) => Object.assign(crypto.kdf.params, {salt: ""})},
    ...[
      {id: "n of 2^21", params: {n: 2 ** 21}},
      {id: "more than 512 MiB", params: {n: 2 ** 20, r: 8}},
      {id: "n of 1", params: {n: 1}},
      {id: "n that is no power of two", params: {n: 3}},
      {id: "r of 17", params: {r: 17}},
      {id: "p of 17", params: {p: 17}},
      {id: "p of 0", params: {p: 0}},
      {id: "dklen of 64", params: {dklen: 64}},
    ].map(({id, params}) => ({
      id: `scrypt with ${id}`,
      change: ({crypto}: Loose) => Object.assign(crypto.kdf, {function: "scrypt", params: {...scrypt, ...params}}),
    })),
  ])("is refused with $id", async ({change}) => {
    await expect(open(withChange(change), "password")).rejects.toMatchObject({code: "KEYSTORE_INVALID"});
  });

  it("may ask for scrypt within bounds", async () => {
    const path = withChange(({crypto}) => Object.assign(crypto.kdf, {function: "scrypt", params: scrypt}));
    // Its key is another than pbkdf2's: the parameters were taken, the checksum was not.
    await expect(open(path, "password")).rejects.toMatchObject({code: "KEYSTORE_PASSWORD_WRONG"});
  });

  it("is refused when its ciphertext was altered, as a wrong password would be", async () => {
    const path = withChange(({crypto}) => Object.assign(crypto.cipher, {message: "00".repeat(32)}));
    await expect(open(path, "password")).rejects.toMatchObject({code: "KEYSTORE_PASSWORD_WRONG"});
  });
});
