import {
  createCipheriv,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  scryptSync,
} from "node:crypto";
import {describe, expect, it} from "vitest";
import {loadSsvOperatorKey} from "../../../src/keys/ssvOperatorKey.js";
import {encryptSecret} from "../../../src/sandbox/encryptSecret.js";
import {type SsvOperator, toEncryptedKey} from "../../../src/sandbox/makeSsvCluster.js";
import {ssvOperators} from "../../support/examples/ssvCluster.js";
import {fixture, useFolder} from "../../support/files.js";

const folder = useFolder();
const [operator, other] = ssvOperators as [SsvOperator, SsvOperator];
const {privateKey} = operator;
const password = "correct horse battery staple";
const passwordFile = folder.write("password", password, 0o600);
const pem = (type: "pkcs1" | "pkcs8", key: KeyObject = privateKey): string => String(key.export({type, format: "pem"}));
const base64 = (content: string | Buffer): string => Buffer.from(content).toString("base64");
const spki = (key: KeyObject): Buffer => createPublicKey(key).export({type: "spki", format: "der"});
/** As Go's ssv writes it: PKCS#1's name over what is SPKI. */
const goPem = (key: KeyObject): string => `-----BEGIN RSA PUBLIC KEY-----\n${base64(spki(key))}\n-----END RSA PUBLIC KEY-----\n`;
const encrypted = await toEncryptedKey(operator, password, 2);
const {pubKey: _, ...unnamed} = encrypted as {pubKey: string};
/** With scrypt, at a cost that a test can bear. */
function withScrypt(secret: string): object {
  const params = {n: 2, r: 8, p: 1, dklen: 32, salt: "00"};
  const key = scryptSync(password, Buffer.from(params.salt, "hex"), params.dklen, {N: params.n, r: params.r, p: params.p});
  const message = createCipheriv("aes-128-ctr", key.subarray(0, 16), Buffer.alloc(16)).update(secret);
  const checksum = createHash("sha256").update(key.subarray(16)).update(message).digest("hex");
  return {
    kdf: {function: "scrypt", params, message: ""},
    checksum: {function: "sha256", params: {}, message: checksum},
    cipher: {function: "aes-128-ctr", params: {iv: "00".repeat(16)}, message: message.toString("hex")},
  };
}
const load = (content: unknown, more: {passwordFile?: string; mode?: number; allowExposed?: boolean} = {passwordFile}) =>
  loadSsvOperatorKey({keyFile: folder.write("key", content, more.mode ?? 0o600), ...more});

describe("loadSsvOperatorKey", async () => {
  it.each([1, 2, 3, 4])("opens the key of ssv-dkg's operator %i with its password", async (n) => {
    const files = {keyFile: fixture("ssv-dkg", `operator${n}`, "encrypted_private_key.json")};
    const {key} = await loadSsvOperatorKey({
      ...files,
      passwordFile: fixture("ssv-dkg", `operator${n}`, "password"),
      allowExposed: true,
    });
    expect(key.asymmetricKeyType).toBe("rsa");
  });

  it.each([
    {id: "encrypted, with pubKey", content: encrypted},
    {id: "encrypted, with pubKey as Go writes it", content: {...unnamed, pubKey: base64(goPem(privateKey))}},
    {id: "encrypted, with pubkey", content: {...unnamed, pubkey: base64(goPem(privateKey))}},
    {id: "encrypted, with no public key", content: unnamed},
    {id: "encrypted, with an empty public key", content: {...unnamed, pubKey: ""}},
    {id: "encrypted, PKCS#8", content: await encryptSecret(Buffer.from(pem("pkcs8")), password, 2)},
    {id: "encrypted, a PEM in base64", content: await encryptSecret(Buffer.from(base64(pem("pkcs1"))), password, 2)},
    {id: "a PEM, PKCS#1", content: pem("pkcs1")},
    {id: "a PEM, PKCS#8", content: pem("pkcs8")},
    {id: "a PEM in base64", content: `${base64(pem("pkcs1"))}\n`},
  ])("loads a key that is $id", async ({content}) => {
    const {key} = await load(content);
    expect(key.equals(privateKey)).toBe(true);
  });

  it("loads a key that is encrypted with scrypt", async () => {
    const {key} = await load(withScrypt(pem("pkcs1")));
    expect(key.equals(privateKey)).toBe(true);
  });

  it("takes a password file that ends in a newline", async () => {
    const {key} = await load(encrypted, {passwordFile: folder.write("with-newline", `${password}\r\n`, 0o600)});
    expect(key.equals(privateKey)).toBe(true);
  });

  it("needs no password for a key that is not encrypted", async () => {
    expect((await load(pem("pkcs1"), {})).key.equals(privateKey)).toBe(true);
  });

  const small = generateKeyPairSync("rsa", {modulusLength: 1024}).privateKey;
  const elliptic = generateKeyPairSync("ec", {namedCurve: "secp256k1"}).privateKey;
  it.each([
    {id: "nothing", content: ""},
    {id: "some text", content: "a key"},
    {id: "a public key", content: String(operator.publicKey.export({type: "spki", format: "pem"}))},
    {id: "half a PEM", content: pem("pkcs1").slice(0, 800)},
    {id: "an RSA key of 1024 bits", content: pem("pkcs1", small)},
    {id: "a secp256k1 key", content: pem("pkcs8", elliptic)},
    {id: "an empty object", content: {}},
    {id: "a list", content: "[]"},
    {id: "null", content: "null"},
    {id: "an EIP-2335 keystore", content: {version: 4, crypto: unnamed}},
    {
      id: "scrypt with absurd parameters",
      content: {...unnamed, kdf: {function: "scrypt", params: {dklen: 32, n: 2 ** 30, r: 8, p: 1, salt: "00"}}},
    },
    {id: "an encrypted key that is none", content: await encryptSecret(randomBytes(1700), password, 2)},
    {id: "an encrypted key of 1024 bits", content: await encryptSecret(Buffer.from(pem("pkcs1", small)), password, 2)},
    {id: "another key's public key", content: {...unnamed, pubKey: base64(goPem(other.privateKey))}},
    {id: "a public key that is none", content: {...unnamed, pubKey: "LS0t"}},
  ])("refuses $id", async ({content}) => {
    await expect(load(content)).rejects.toMatchObject({
      code: "OPERATOR_KEY_INVALID",
      message: expect.stringMatching(/^read the operator's key \/.*\/key: (?!.*correct horse)/),
    });
  });

  it.each([
    {id: "a wrong password", passwordFile: folder.write("wrong", "wrong", 0o600), code: "KEYSTORE_PASSWORD_WRONG"},
    {id: "an empty password", passwordFile: folder.write("empty", "", 0o600), code: "KEYSTORE_PASSWORD_WRONG"},
    {id: "no password file", passwordFile: folder.fresh(), code: "FILE_MISSING"},
    {id: "none that is named", passwordFile: undefined, code: "CONFIG_INVALID"},
    {id: "one that others can read", passwordFile: folder.write("exposed", password, 0o640), code: "KEY_FILE_EXPOSED"},
  ])("refuses an encrypted key with $id", async ({passwordFile: file, code}) => {
    await expect(load(encrypted, file === undefined ? {} : {passwordFile: file})).rejects.toMatchObject({code});
  });

  it.each([
    {id: "a key that is not encrypted", content: pem("pkcs1"), mode: 0o644, refused: true},
    {id: "an encrypted one", content: encrypted, mode: 0o644, refused: false},
  ])("minds whether others can read $id: $refused", async ({content, mode, refused}) => {
    const loaded = load(content, {passwordFile, mode});
    if (refused) await expect(loaded).rejects.toMatchObject({code: "KEY_FILE_EXPOSED"});
    else expect((await loaded).key.equals(privateKey)).toBe(true);
    expect((await load(content, {passwordFile, mode, allowExposed: true})).key.equals(privateKey)).toBe(true);
  });

  it("refuses a key file that is not there", async () => {
    await expect(loadSsvOperatorKey({keyFile: folder.fresh()})).rejects.toMatchObject({code: "FILE_MISSING"});
  });
});
