import {describe, expect, it} from "vitest";
import {loadEthereumKey} from "../../../src/keys/ethereumKeystore.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {ethereumKeystore, pbkdf2, scrypt} from "../../../src/sandbox/chain/ethereumKeystore.js";
import {useFolder, vector} from "../../support/files.js";

const folder = useFolder();
const {private_key, address} = vector<{private_key: string; address: string}>("validators-manager.json");
const password = "correct horse battery staple";
/** https://ethereum.org/en/developers/docs/data-structures-and-encoding/web3-secret-storage/#test-vectors */
const specified = [
  {
    kdf: "pbkdf2",
    kdfparams: {...pbkdf2, c: 262144, salt: "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
    cipherparams: {iv: "6087dab2f9fdbbfaddc31a909735c1e6"},
    ciphertext: "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
    mac: "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
  },
  {
    kdf: "scrypt",
    kdfparams: {dklen: 32, n: 262144, r: 1, p: 8, salt: "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
    cipherparams: {iv: "83dbcc02d8ccb40e466191a123791e0e"},
    ciphertext: "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
    mac: "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
  },
];
const keystoreOf = (key: Uint8Array, kdf?: "scrypt" | "pbkdf2") => ethereumKeystore(key, password, kdf);
const keystore = keystoreOf(fromHex(private_key));
type Files = {mode?: number; said?: string; passwordMode?: number; allowExposed?: boolean};
const load = (content: unknown, {mode = 0o600, said = password, passwordMode = 0o600, allowExposed = false}: Files = {}) =>
  loadEthereumKey({
    keyFile: folder.write("key.json", content, mode),
    passwordFile: folder.write("password", said, passwordMode),
    allowExposed,
  });
const withCrypto = (change: object) => ({...keystore, crypto: {...keystore.crypto, ...change}});
const secretOf = async (content: unknown, files?: Files): Promise<string> => toHex(await load(content, files));

describe("an Ethereum keystore", () => {
  it.each([
    {id: "by scrypt", content: keystore},
    {id: "by pbkdf2", content: keystoreOf(fromHex(private_key), "pbkdf2")},
    {id: "with its address, as geth writes it", content: {...keystore, address: address.slice(2).toLowerCase()}},
    {id: "with its address, as others write it", content: {...keystore, address}},
    {id: "with an empty address", content: {...keystore, address: ""}},
    {id: "with a mac in capitals", content: withCrypto({mac: keystore.crypto.mac.toUpperCase()})},
    {id: "with fields of its program's own", content: {...keystore, "x-more": {}}},
  ])("is opened: $id", async ({content}) => {
    expect(await secretOf(content)).toBe(private_key);
  });

  it.each(specified)("is opened: the example of its specification by $kdf", async (crypto) => {
    const key = "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
    expect(await secretOf({version: 3, crypto: {cipher: "aes-128-ctr", ...crypto}}, {said: "testpassword"})).toBe(key);
  });

  it.each([`${password}\n`, `${password}\r\n`])("is opened with a password file that ends its line", async (said) => {
    expect(await secretOf(keystore, {said})).toBe(private_key);
  });

  it.each([
    {id: "no JSON", content: `{"crypto": "${private_key}",}`},
    {id: "a key in hex", content: private_key},
    {id: "an EIP-2335 keystore", content: {...keystore, version: 4}},
    {id: "a cipher that is not known", content: withCrypto({cipher: "aes-256-gcm"})},
    {id: "a kdf that is not known", content: withCrypto({kdf: "argon2"})},
    {id: "parameters of the other kdf", content: withCrypto({kdf: "pbkdf2"})},
    {id: "too much memory", content: withCrypto({kdfparams: {...scrypt, n: 2 ** 20}})},
    {id: "a number of rounds that scrypt does not take", content: withCrypto({kdfparams: {...scrypt, n: 3}})},
    {id: "a key of 31 bytes", content: withCrypto({ciphertext: "00".repeat(31)})},
    {id: "zero for a key", content: keystoreOf(new Uint8Array(32))},
    {id: "another address", content: {...keystore, address: "ab".repeat(20)}},
  ])("is refused: $id, without a word of the key", async ({content}) => {
    const error = await load(content).catch((it: unknown) => it);
    expect(error).toMatchObject({code: "KEYSTORE_INVALID"});
    expect((error as Error).message).not.toContain(private_key.slice(2));
  });

  it.each(["wrong", "", `${password} `])("is not opened by another password", async (said) => {
    await expect(load(keystore, {said})).rejects.toMatchObject({code: "KEYSTORE_PASSWORD_WRONG"});
  });

  it("is refused where others can get at it or at its password, unless that is allowed", async () => {
    await expect(load(keystore, {mode: 0o640})).rejects.toMatchObject({code: "KEY_FILE_EXPOSED"});
    await expect(load(keystore, {passwordMode: 0o604})).rejects.toMatchObject({code: "KEY_FILE_EXPOSED"});
    expect(await secretOf(keystore, {mode: 0o644, passwordMode: 0o644, allowExposed: true})).toBe(private_key);
  });

  it("is missed where it is not there", async () => {
    const files = {keyFile: folder.fresh(), passwordFile: folder.write("password", password, 0o600)};
    await expect(loadEthereumKey(files)).rejects.toMatchObject({code: "FILE_MISSING"});
  });
});
