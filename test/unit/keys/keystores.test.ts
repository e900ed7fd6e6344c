import {chmodSync, mkdirSync, renameSync, rmSync, symlinkSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {type PublicKey, parseSignature, type SecretKey, verifySignature} from "../../../src/bls/curve.js";
import type {ClusterDefinition} from "../../../src/clusters/cluster.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import type {KeyProblem, OpenedKeyShares} from "../../../src/keys/keyShares.js";
import type {PasswordPlace} from "../../../src/keys/keystorePasswords.js";
import {createKeystores} from "../../../src/keys/keystores.js";
import {toHex} from "../../../src/runtime/hex.js";
import {toKeystore} from "../../../src/sandbox/makeCluster.js";
import {aCluster} from "../../support/examples/cluster.js";
import {aSecretKey} from "../../support/examples/keys.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const {validators, definition: cluster} = aCluster({validators: 3});
const password = "correct horse battery staple";
const publicKeys = [...cluster.validators.keys()];
const shareOf = (validator: number, shareIndex: number): SecretKey =>
  validators[validator]?.secretShares[shareIndex - 1] as SecretKey;
const hexOf = (secretKey: SecretKey): string => toHex(secretKey.toPublicKey().toBytes());
const shares = [0, 1, 2].map((validator) => shareOf(validator, 2));

/** A directory of these files, each by its path in it. */
function writeFiles(files: Readonly<Record<string, unknown>>): string {
  const directory = folder.fresh();
  mkdirSync(directory);
  const relative = directory.slice(folder.path().length + 1);
  for (const [name, content] of Object.entries(files)) folder.write(`${relative}/${name}`, content);
  return directory;
}

type Entry = {name: string; secretKey: SecretKey; password?: string | undefined};

/** A node's validator_keys with these keystores in it. */
async function write(entries: readonly Entry[]): Promise<string> {
  const files: Record<string, unknown> = {};
  for (const {name, secretKey, ...rest} of entries) {
    files[`${name}.json`] = await toKeystore(secretKey, password, 2);
    const written = "password" in rest ? rest.password : password;
    if (written !== undefined) files[`${name}.txt`] = written;
  }
  return writeFiles(files);
}
const good = (names = ["keystore-0", "keystore-1", "keystore-2"]): Entry[] =>
  names.map((name, validator) => ({name, secretKey: shareOf(validator, 2)}));

const open = (directory: string, {passwords, shareIndex = 2}: {passwords?: PasswordPlace; shareIndex?: number} = {}) =>
  createKeystores({directory, shareIndex, passwords}).open(cluster);
const codesOf = (problems: readonly KeyProblem[]): string[] => problems.map(({error}) => error.code);
/** An error with all that it carries. */
const allOf = (error: unknown): string => JSON.stringify(error, Object.getOwnPropertyNames(error));
const expectAll = ({keyShares, problems}: OpenedKeyShares): void => {
  expect(problems).toEqual([]);
  expect([...keyShares.publicKeys].sort()).toEqual([...publicKeys].sort());
};

describe("a password file that others can read", () => {
  it.each([
    {id: "in a folder that others can enter", folderMode: 0o755, told: ["keystore-0.txt"]},
    {id: "in a folder that only its owner can enter", folderMode: 0o700, told: []},
  ])("is accepted, and reported once if it matters: $id", async ({folderMode, told}) => {
    const directory = await write(good());
    chmodSync(directory, folderMode);
    const exposed: string[] = [];
    const keystores = createKeystores({directory, shareIndex: 2, onExposed: (path) => exposed.push(path)});
    expectAll(await keystores.open(cluster));
    expect(exposed).toEqual(told.map((name) => `${directory}/${name}`));
  });
});

describe("a node's keystores", () => {
  it.each([
    {id: "charon's order", names: ["keystore-0", "keystore-1", "keystore-2"]},
    {id: "another order", names: ["keystore-2", "keystore-0", "keystore-1"]},
    {id: "names that count otherwise", names: ["keystore-10", "keystore-9", "keystore-insecure-1"]},
    {
      id: "UUIDs",
      names: [
        "1d85ae20-35c5-4611-98e8-aa14a633906f",
        "64625def-3331-4eea-ab6f-782f3ed16a83",
        "keystore-5ad1a4a7-a7a9-4e8e-9b8a-d8bd5bf7d0cf",
      ],
    },
  ])("go to their validators by public key: $id", async ({names}) => {
    const opened = await open(await write(good(names)));
    expectAll(opened);
    expect(opened.keyShares.shareIndex).toBe(2);
    const root = voluntaryExitSigningRoot(networks.hoodi, 42);
    for (const publicKey of publicKeys) {
      const signature = await opened.keyShares.sign({network: networks.hoodi, publicKey, validatorIndex: 42});
      const share = cluster.validators.get(publicKey)?.publicKeyShares.get(2) as PublicKey;
      expect(verifySignature(share, root, parseSignature(signature))).toBe(true);
    }
  });

  it("may be of some validators only, and sign for no other", async () => {
    const {keyShares, problems} = await open(await write(good().slice(1)));
    expect(problems).toEqual([]);
    expect([...keyShares.publicKeys].sort()).toEqual(publicKeys.slice(1).sort());
    await expect(
      keyShares.sign({network: networks.hoodi, publicKey: publicKeys[0] as string, validatorIndex: 42}),
    ).rejects.toThrow();
  });

  it("may lie among other files", async () => {
    const directory = await write(good());
    const others = {
      "deposit-data.json": [{pubkey: "aa"}],
      "lock.json": {cluster_definition: {}},
      "notes.txt": "",
      "x.yml": ": [",
    };
    for (const [name, content] of Object.entries(others)) {
      folder.write(`${directory.slice(folder.path().length + 1)}/${name}`, content);
    }
    expectAll(await open(directory));
  });

  it("may come with password files that end in a newline", async () => {
    const entries = good().map((entry) => ({...entry, password: `${password}\n`}));
    expectAll(await open(await write(entries)));
  });

  it("report their progress", async () => {
    const told: string[] = [];
    const directory = await write(good());
    const onProgress = (opened: number, total: number) => told.push(`${opened}/${total}`);
    await createKeystores({directory, shareIndex: 2, onProgress}).open(cluster);
    expect(told).toEqual(["1/3", "2/3", "3/3"]);
  });
});

describe("the layouts of validator clients", () => {
  const names = ["a", "b", "c"];
  type Layout = (keystores: readonly object[]) => Record<string, unknown>;
  const each = (files: (keystore: object, position: number) => Record<string, unknown>): Layout => {
    return (keystores) => Object.assign({}, ...keystores.map(files));
  };
  const key = (position: number): string => hexOf(shares[position] as SecretKey);

  it.each<{id: string; layout: Layout; keystores?: string; passwords: {file?: string; directory?: string}}>([
    {
      id: "Lighthouse's and Lodestar's",
      layout: each((keystore, at) => ({
        [`validators/${key(at)}/voting-keystore.json`]: keystore,
        [`secrets/${key(at)}`]: password,
      })),
      keystores: "validators",
      passwords: {directory: "secrets"},
    },
    {
      id: "Lighthouse's, of imported keystores",
      layout: each((keystore, at) => ({
        [`validators/${key(at)}/keystore-m_12381_3600_0_0_0-1700000000.json`]: keystore,
        [`secrets/${key(at)}`]: password,
      })),
      keystores: "validators",
      passwords: {directory: "secrets"},
    },
    {
      id: "Nimbus's, of keystores that do not say their key",
      layout: each((keystore, at) => ({
        [`validators/${key(at)}/keystore.json`]: {...keystore, pubkey: ""},
        [`secrets/${key(at)}`]: password,
      })),
      keystores: "validators",
      passwords: {directory: "secrets"},
    },
    {
      id: "Teku's",
      layout: each((keystore, at) => ({[`keys/${names[at]}.json`]: keystore, [`passwords/${names[at]}.txt`]: password})),
      keystores: "keys",
      passwords: {directory: "passwords"},
    },
    {
      id: "passwords named after keystores, without .txt",
      layout: each((keystore, at) => ({[`keys/${names[at]}.json`]: keystore, [`passwords/${names[at]}`]: password})),
      keystores: "keys",
      passwords: {directory: "passwords"},
    },
    {
      id: "one password file for all",
      layout: (keystores) => ({...each((keystore, at) => ({[`${names[at]}.json`]: keystore}))(keystores), "all.txt": password}),
      passwords: {file: "all.txt"},
    },
  ])("are read: $id", async ({layout, keystores = "", passwords}) => {
    const directory = writeFiles(layout(await Promise.all(shares.map((share) => toKeystore(share, password, 2)))));
    const under = (path: string | undefined) => (path === undefined ? undefined : `${directory}/${path}`);
    const place = {file: under(passwords.file), directory: under(passwords.directory)};
    expectAll(await open(`${directory}/${keystores}`, {passwords: place}));
  });

  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  /** A keystore of other bytes than a key's. */
  const encrypt = (text: string): Promise<object> =>
    toKeystore(Object.assign(Object.create(aSecretKey()), {toBytes: () => Buffer.from(text)}), password, 2);

  it("are read: Prysm's wallet, all accounts in one keystore", async () => {
    const wallet = {
      private_keys: shares.map((share) => base64(share.toBytes())),
      public_keys: shares.map((share) => base64(share.toPublicKey().toBytes())),
    };
    const {pubkey: _, ...keystore} = (await encrypt(JSON.stringify(wallet, undefined, "\t"))) as {pubkey: string};
    const directory = writeFiles({
      "accounts/all-accounts.keystore.json": keystore,
      "keymanageropts.json": {},
      "password.txt": password,
    });
    expectAll(await open(directory, {passwords: {file: `${directory}/password.txt`}}));
  });

  it.each([
    {id: "is no JSON", text: "a secret of some other length"},
    {id: "has no keys", text: JSON.stringify({public_keys: [], note: "............"})},
    {id: "has a key that is none", text: JSON.stringify({private_keys: [base64(new Uint8Array(32).fill(0xff))]})},
    {id: "has a key that is too short", text: JSON.stringify({private_keys: [base64(new Uint8Array(31).fill(1))]})},
  ])("refuse a wallet that $id, and never quote it", async ({text}) => {
    const directory = writeFiles({"keystore-0.json": await encrypt(text), "keystore-0.txt": password});
    const {problems} = await open(directory);
    const told = allOf(problems[0]?.error);
    expect(told).toContain("KEYSTORE_INVALID");
    expect(told).not.toContain(text.slice(0, 12));
  });

  it("leave hidden folders alone: in a mounted volume, they hold the same files again", async () => {
    const directory = writeFiles({"..2026_01_01/keystore-0.json": await toKeystore(shareOf(0, 2), password, 2)});
    const relative = directory.slice(folder.path().length + 1);
    folder.write(`${relative}/..2026_01_01/keystore-0.txt`, password);
    symlinkSync("..2026_01_01", `${directory}/..data`);
    for (const name of ["keystore-0.json", "keystore-0.txt"]) symlinkSync(`..data/${name}`, `${directory}/${name}`);
    const told: number[] = [];
    const keystores = createKeystores({directory, shareIndex: 2, onProgress: (_, total) => told.push(total)});
    expect((await keystores.open(cluster)).problems).toEqual([]);
    expect(told).toEqual([1]);
  });
});

describe("what cannot be used", () => {
  const last = (entry: Partial<Entry>): Entry[] => [
    ...good().slice(0, 2),
    {name: "keystore-2", secretKey: shareOf(2, 2), ...entry},
  ];
  const [, , third = ""] = publicKeys;

  it.each<{id: string; entry: Partial<Entry>; code: string; of?: string}>([
    {id: "a wrong password", entry: {password: "wrong"}, code: "KEYSTORE_PASSWORD_WRONG", of: third},
    {id: "an empty password", entry: {password: ""}, code: "KEYSTORE_PASSWORD_WRONG", of: third},
    {id: "no password file", entry: {password: undefined}, code: "KEYSTORE_PASSWORD_MISSING", of: third},
    {id: "a keystore of another cluster", entry: {secretKey: aSecretKey()}, code: "KEYSTORE_FOREIGN"},
    {id: "a keystore of another node", entry: {secretKey: shareOf(2, 3)}, code: "KEYSTORE_FOREIGN"},
    {id: "a validator's whole key", entry: {secretKey: validators[2]?.secretKey as SecretKey}, code: "KEYSTORE_FOREIGN"},
    {
      id: "a secret that is no BLS key",
      entry: {secretKey: Object.assign(Object.create(shareOf(2, 2)), {toBytes: () => new Uint8Array(32).fill(0xff)})},
      code: "KEYSTORE_INVALID",
      of: third,
    },
  ])("is reported, with its validator if known, and does not affect the others: $id", async ({entry, code, of}) => {
    const {keyShares, problems} = await open(await write(last(entry)));
    expect(problems.map(({publicKey, error}) => ({code: error.code, of: publicKey}))).toEqual([{code, of}]);
    expect(problems[0]?.error.message).not.toContain(password);
    expect([...keyShares.publicKeys].sort()).toEqual(publicKeys.slice(0, 2).sort());
  });

  it.each([
    {id: "is not JSON", content: "{]"},
    {id: "lacks fields", content: {version: 4, crypto: {}}},
    {id: "is something else", content: []},
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
  ])("is a keystore that $id", async ({content}) => {
    const directory = await write(good());
    folder.write(`${directory.slice(folder.path().length + 1)}/keystore-1.json`, content);
    const {keyShares, problems} = await open(directory);
    expect(codesOf(problems)).toEqual(["KEYSTORE_INVALID"]);
    expect(keyShares.publicKeys.size).toBe(2);
  });

  it("is a file of any name that has a keystore's fields and no keystore in them, or is not JSON", async () => {
    const {problems} = await open(writeFiles({"a.json": {crypto: {}}, "b.json": "{]"}));
    expect(codesOf(problems)).toEqual(["KEYSTORE_INVALID", "KEYSTORE_INVALID"]);
  });

  it("is another node's directory, whose share index is named", async () => {
    const {problems} = await open(await write(good()), {shareIndex: 1});
    expect(codesOf(problems)).toEqual(["KEYSTORE_FOREIGN", "KEYSTORE_FOREIGN", "KEYSTORE_FOREIGN"]);
    expect(problems[0]?.error.message).toContain("OBOL_NODE_INDEX 1");
  });

  it.each([
    {id: "a directory that is not there", directory: () => folder.fresh(), code: "FILE_MISSING"},
    {id: "a directory without keystores", directory: () => writeFiles({"deposit-data.json": []}), code: "KEYSTORES_MISSING"},
    {id: "a file", directory: () => folder.write("a-file", ""), code: "FILE_UNREADABLE"},
  ])("is $id", async ({directory, code}) => {
    const {keyShares, problems} = await open(directory());
    expect(codesOf(problems)).toEqual([code]);
    expect(keyShares.publicKeys.size).toBe(0);
  });

  it("is a password that is in none of the possible places, which are all named", async () => {
    const directory = await write(good(["one"]).map((entry) => ({...entry, password: undefined})));
    const {problems} = await open(directory, {passwords: {directory: `${directory}/secrets`}});
    expect(codesOf(problems)).toEqual(["KEYSTORE_PASSWORD_MISSING"]);
    for (const name of ["one.txt", "one", hexOf(shareOf(0, 2))]) {
      expect(problems[0]?.error.message).toContain(`${directory}/secrets/${name}`);
    }
  });

  it("never puts a secret into an error", async () => {
    const secretKey = aSecretKey("a secret");
    const {problems} = await open(await write(last({secretKey})));
    const told = allOf(problems[0]?.error);
    expect(told).toContain("KEYSTORE_FOREIGN");
    expect(told).not.toContain(toHex(secretKey.toBytes()).slice(2));
    expect(told).not.toContain(password);
  });
});

describe("keystores that are opened again", () => {
  const definitionOf = (count: number): ClusterDefinition => ({
    ...cluster,
    validators: new Map([...cluster.validators].slice(0, count)),
  });
  const counted = (directory: string) => {
    const decrypted: number[] = [];
    const keystores = createKeystores({directory, shareIndex: 2, onProgress: (opened) => decrypted.push(opened)});
    return {keystores, decrypted};
  };

  it("are decrypted once, whatever they are called now", async () => {
    const directory = await write(good());
    const {keystores, decrypted} = counted(directory);
    expectAll(await keystores.open(cluster));
    renameSync(`${directory}/keystore-0.json`, `${directory}/keystore-9.json`);
    rmSync(`${directory}/keystore-1.txt`);
    expectAll(await keystores.open(cluster));
    expect(decrypted).toHaveLength(3);
  });

  it("are joined by those of validators that the definition has now", async () => {
    const directory = await write(good().slice(0, 2));
    const {keystores, decrypted} = counted(directory);
    expect((await keystores.open(definitionOf(2))).keyShares.publicKeys.size).toBe(2);
    const relative = directory.slice(folder.path().length + 1);
    folder.write(`${relative}/keystore-2.json`, await toKeystore(shareOf(2, 2), password, 2));
    folder.write(`${relative}/keystore-2.txt`, password);
    expectAll(await keystores.open(cluster));
    expect(decrypted).toHaveLength(3);
  });

  it("are not signed with once the definition has their validator no more", async () => {
    const {keystores} = counted(await write(good()));
    await keystores.open(cluster);
    const {keyShares, problems} = await keystores.open(definitionOf(2));
    expect([...keyShares.publicKeys]).toEqual(publicKeys.slice(0, 2));
    expect(codesOf(problems)).toEqual(["KEYSTORE_FOREIGN"]);
  });

  it("are forgotten with their file, and tried again where they did not open", async () => {
    const directory = await write(good().map((entry, at) => (at === 0 ? {...entry, password: "wrong"} : entry)));
    const {keystores} = counted(directory);
    expect(codesOf((await keystores.open(cluster)).problems)).toEqual(["KEYSTORE_PASSWORD_WRONG"]);
    folder.write(`${directory.slice(folder.path().length + 1)}/keystore-0.txt`, password);
    rmSync(`${directory}/keystore-1.json`);
    const {keyShares, problems} = await keystores.open(cluster);
    expect(problems).toEqual([]);
    expect([...keyShares.publicKeys]).toEqual([publicKeys[0], publicKeys[2]]);
  });
});

describe("a node's keystores at a glance", () => {
  const glance = async (entries: readonly Entry[]) =>
    createKeystores({directory: await write(entries), shareIndex: 2}).glance(cluster);

  it("are those of every validator, though one of them is opened only", async () => {
    const [first, ...others] = good() as [Entry, ...Entry[]];
    const {publicKeys: found, problems} = await glance([first, ...others.map((it) => ({...it, password: "another"}))]);
    expect(problems).toEqual([]);
    expect([...found].sort()).toEqual([...publicKeys].sort());
  });

  it.each<{id: string; entries: Entry[]; left: number; code: string}>([
    {
      id: "whose password is wrong",
      entries: [{name: "keystore-0", secretKey: shareOf(0, 2), password: "another"}],
      left: 0,
      code: "KEYSTORE_PASSWORD_WRONG",
    },
    {
      id: "that is another node's, by its content",
      entries: [{name: "keystore-0", secretKey: shareOf(0, 3)}],
      left: 0,
      code: "KEYSTORE_FOREIGN",
    },
    {
      id: "that is another node's, by its name",
      entries: [...good().slice(0, 1), {name: "keystore-1", secretKey: shareOf(1, 3)}],
      left: 1,
      code: "KEYSTORE_FOREIGN",
    },
  ])("show a keystore $id", async ({entries, left, code}) => {
    const {publicKeys: found, problems} = await glance(entries);
    expect([found.size, codesOf(problems)]).toEqual([left, [code]]);
  });
});
