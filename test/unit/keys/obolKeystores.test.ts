import {chmodSync, mkdirSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {type PublicKey, parseSignature, type SecretKey, verifySignature} from "../../../src/bls/curve.js";
import {depositSigningRoot} from "../../../src/consensus/deposit.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {toKeystore} from "../../../src/demo/makeCluster.js";
import {loadObolKeystores} from "../../../src/keys/obolKeystores.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {aCluster} from "../support/cluster.js";
import {useFolder} from "../support/files.js";
import {aSecretKey} from "../support/keys.js";

const folder = useFolder();
const {validators, definition: cluster} = aCluster({validators: 3});
const password = "correct horse battery staple";
const publicKeys = [...cluster.validators.keys()];
const shareOf = (validator: number, shareIndex: number): SecretKey =>
  validators[validator]?.secretShares[shareIndex - 1] as SecretKey;

type Entry = {name: string; secretKey: SecretKey; password?: string | undefined};

/** A node's validator_keys with these keystores in it. */
async function write(entries: readonly Entry[]): Promise<string> {
  const directory = folder.fresh();
  mkdirSync(directory);
  const relative = directory.slice(folder.path().length + 1);
  for (const {name, secretKey, ...rest} of entries) {
    folder.write(`${relative}/${name}.json`, await toKeystore(secretKey, password, 2));
    const written = "password" in rest ? rest.password : password;
    if (written !== undefined) folder.write(`${relative}/${name}.txt`, written);
  }
  return directory;
}
const good = (names = ["keystore-0", "keystore-1", "keystore-2"]): Entry[] =>
  names.map((name, validator) => ({name, secretKey: shareOf(validator, 2)}));
const load = (directory: string, shareIndex = 2) => loadObolKeystores({directory, cluster, shareIndex});

describe("a password file that others can read", () => {
  it.each([
    {id: "in a folder that others can enter", folderMode: 0o755, told: ["keystore-0.txt"]},
    {id: "in a folder that only its owner can enter", folderMode: 0o700, told: []},
  ])("is loaded, and told of once where it matters: $id", async ({folderMode, told}) => {
    const directory = await write(good());
    chmodSync(directory, folderMode);
    const exposed: string[] = [];
    const keyShares = await loadObolKeystores({directory, cluster, shareIndex: 2, onExposed: (path) => exposed.push(path)});
    expect(keyShares.publicKeys.size).toBe(3);
    expect(exposed).toEqual(told.map((name) => `${directory}/${name}`));
  });
});

describe("loadObolKeystores", () => {
  it.each([
    {id: "charon's order", names: ["keystore-0", "keystore-1", "keystore-2"]},
    {id: "another order", names: ["keystore-2", "keystore-0", "keystore-1"]},
    {id: "names that count otherwise", names: ["keystore-10", "keystore-9", "keystore-insecure-1"]},
  ])("gives each keystore to its validator by its public key: $id", async ({names}) => {
    const keyShares = await load(await write(good(names)));
    expect(keyShares.shareIndex).toBe(2);
    expect([...keyShares.publicKeys].sort()).toEqual([...publicKeys].sort());
    const root = voluntaryExitSigningRoot(networks.hoodi, 42);
    for (const publicKey of publicKeys) {
      const signature = await keyShares.sign({network: networks.hoodi, publicKey, validatorIndex: 42});
      const share = cluster.validators.get(publicKey)?.publicKeyShares.get(2) as PublicKey;
      expect(verifySignature(share, root, parseSignature(signature))).toBe(true);
    }
  });

  it("loads a node that holds shares of some validators only, and signs for no other", async () => {
    const keyShares = await load(await write(good().slice(1)));
    expect([...keyShares.publicKeys].sort()).toEqual(publicKeys.slice(1).sort());
    await expect(
      keyShares.sign({network: networks.hoodi, publicKey: publicKeys[0] as string, validatorIndex: 42}),
    ).rejects.toThrow();
  });

  it("signs a deposit with the same shares, and none of a validator that it does not hold", async () => {
    const keyShares = await load(await write(good().slice(1)));
    const message = {withdrawalCredentials: new Uint8Array(32).fill(1, 0, 1), amount: 32_000_000_000n};
    const [foreign, publicKey] = publicKeys as [string, string];
    const signature = await keyShares.signDeposit({network: networks.gnosis, publicKey, ...message});
    const root = depositSigningRoot(networks.gnosis, {pubkey: fromHex(publicKey), ...message});
    const share = cluster.validators.get(publicKey)?.publicKeyShares.get(2) as PublicKey;
    expect(verifySignature(share, root, parseSignature(signature))).toBe(true);
    await expect(keyShares.signDeposit({network: networks.gnosis, publicKey: foreign, ...message})).rejects.toThrow();
  });

  it("leaves other files in the directory alone", async () => {
    const directory = await write([...good(), {name: "deposit-data", secretKey: aSecretKey()}]);
    expect((await load(directory)).publicKeys.size).toBe(3);
  });

  it("takes a password file that ends in a newline", async () => {
    const entries = good().map((entry) => ({...entry, password: `${password}\n`}));
    expect((await load(await write(entries))).publicKeys.size).toBe(3);
  });

  it("tells how far it is", async () => {
    const told: string[] = [];
    const directory = await write(good());
    await loadObolKeystores({directory, cluster, shareIndex: 2, onProgress: (loaded, total) => told.push(`${loaded}/${total}`)});
    expect(told).toEqual(["1/3", "2/3", "3/3"]);
  });

  const last = (entry: Partial<Entry>): Entry[] => [
    ...good().slice(0, 2),
    {name: "keystore-2", secretKey: shareOf(2, 2), ...entry},
  ];

  it.each([
    {id: "a wrong password", entries: last({password: "wrong"}), code: "KEYSTORE_PASSWORD_WRONG"},
    {id: "an empty password", entries: last({password: ""}), code: "KEYSTORE_PASSWORD_WRONG"},
    {id: "no password file", entries: last({password: undefined}), code: "KEYSTORE_PASSWORD_MISSING"},
    {id: "no keystores", entries: [], code: "KEYSTORES_MISSING"},
    {id: "no keystore by its name", entries: [{name: "validator-0", secretKey: shareOf(0, 2)}], code: "KEYSTORES_MISSING"},
    {id: "a keystore of another cluster", entries: last({secretKey: aSecretKey()}), code: "KEYSTORE_FOREIGN"},
    {id: "a keystore of another node", entries: last({secretKey: shareOf(2, 3)}), code: "KEYSTORE_FOREIGN"},
    {id: "a validator's whole key", entries: last({secretKey: validators[2]?.secretKey as SecretKey}), code: "KEYSTORE_FOREIGN"},
    {
      id: "a secret that is no BLS key",
      entries: last({secretKey: Object.assign(Object.create(aSecretKey()), {toBytes: () => new Uint8Array(32).fill(0xff)})}),
      code: "KEYSTORE_INVALID",
    },
  ])("refuses the whole directory for $id", async ({entries, code}) => {
    await expect(load(await write(entries))).rejects.toMatchObject({code, message: expect.not.stringContaining(password)});
  });

  it.each([
    {id: "is not JSON", content: "{"},
    {id: "lacks fields", content: {version: 4, crypto: {}}},
    {
      id: "asks for absurd scrypt parameters",
      content: {
        version: 4,
        crypto: {
          kdf: {function: "scrypt", params: {dklen: 32, n: 2 ** 30, r: 8, p: 1, salt: "00"}},
          checksum: {function: "sha256", message: "00".repeat(32)},
          cipher: {function: "aes-128-ctr", params: {iv: "00".repeat(16)}, message: "00".repeat(32)},
        },
      },
    },
  ])("refuses a keystore that $id", async ({content}) => {
    const directory = await write(good());
    folder.write(`${directory.slice(folder.path().length + 1)}/keystore-1.json`, content);
    await expect(load(directory)).rejects.toMatchObject({code: "KEYSTORE_INVALID"});
  });

  it("refuses another node's directory, and says whose it is", async () => {
    await expect(load(await write(good()), 1)).rejects.toMatchObject({
      code: "KEYSTORE_FOREIGN",
      message: expect.stringContaining("OBOL_NODE_INDEX 1"),
    });
  });

  it.each([
    {id: "a directory that is not there", directory: () => folder.fresh()},
    {id: "a file", directory: () => folder.write("a-file", "")},
  ])("refuses $id", async ({directory}) => {
    await expect(load(directory())).rejects.toMatchObject({code: "KEYSTORES_MISSING"});
  });

  it("never puts a secret into an error", async () => {
    const secretKey = aSecretKey("a secret");
    const error = await load(await write(last({secretKey}))).catch((it: Error) => it);
    const told = JSON.stringify(error, Object.getOwnPropertyNames(error));
    expect(told).toContain("KEYSTORE_FOREIGN");
    expect(told).not.toContain(toHex(secretKey.toBytes()).slice(2));
    expect(told).not.toContain(password);
  });
});
