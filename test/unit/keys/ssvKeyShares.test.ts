import {rmSync} from "node:fs";
import {beforeAll, describe, expect, it} from "vitest";
import {type PublicKey, parseSignature, type SecretKey, type Signature, verifySignature} from "../../../src/bls/curve.js";
import type {ClusterDefinition, Validator} from "../../../src/clusters/cluster.js";
import {loadDefinition} from "../../../src/clusters/loadDefinition.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {recoverExit} from "../../../src/exits/recoverExit.js";
import {createSsvKeyShares} from "../../../src/keys/ssvKeyShares.js";
import {toHex} from "../../../src/runtime/hex.js";
import {type SsvOperator, toEncryptedKey} from "../../../src/sandbox/makeSsvCluster.js";
import {aCluster} from "../../support/examples/cluster.js";
import {subsets} from "../../support/examples/keys.js";
import {anSsvCluster, ssvOperators} from "../../support/examples/ssvCluster.js";
import {fixture, useFolder} from "../../support/files.js";

const folder = useFolder();
const network = networks.hoodi;

describe("the cluster that ssv-dkg made", () => {
  it("signs an exit with any three of its four operators' keys", async () => {
    const cluster = await loadDefinition(fixture("ssv-dkg", "keyshares.json"), "mainnet");
    const [validator] = cluster.validators.values() as Iterable<Validator>;
    const {publicKey, publicKeyHex, publicKeyShares} = validator as Validator;
    const exit = {network: networks.mainnet, publicKey: publicKeyHex, validatorIndex: 42};
    const root = voluntaryExitSigningRoot(exit.network, exit.validatorIndex);
    const signed = await Promise.all(
      [11, 22, 33, 44].map(async (operatorId) => {
        const own = (name: string): string => fixture("ssv-dkg", `operator${operatorId / 11}`, name);
        const files = {operatorKeyFile: own("encrypted_private_key.json"), passwordFile: own("password"), allowExposed: true};
        const {keyShares, problems} = await createSsvKeyShares({operatorId, ...files}).open(cluster);
        expect(problems).toEqual([]);
        expect(keyShares.shareIndex).toBe(operatorId);
        const signature = parseSignature(await keyShares.sign(exit));
        expect(verifySignature(publicKeyShares.get(operatorId) as PublicKey, root, signature)).toBe(true);
        return [operatorId, signature] as [number, Signature];
      }),
    );
    for (const some of subsets(signed, 3)) {
      const recovered = recoverExit(new Map(some), {threshold: cluster.threshold, publicKey, root});
      expect(recovered && verifySignature(publicKey, root, recovered)).toBe(true);
    }
  });
});

describe("createSsvKeyShares", () => {
  const {validators, definition} = anSsvCluster({validators: 3});
  const [operatorId, password] = [123, "correct horse battery staple"];
  const passwordFile = folder.write("password", password, 0o600);
  let cluster: ClusterDefinition;
  let operatorKeyFile: string;
  let publicKeys: string[];
  beforeAll(async () => {
    cluster = await definition();
    publicKeys = [...cluster.validators.keys()];
    operatorKeyFile = folder.write("key.json", await toEncryptedKey(ssvOperators[1] as SsvOperator, password, 2));
  });
  const create = (more = {}) => createSsvKeyShares({operatorId, operatorKeyFile, passwordFile, ...more});
  const withShare = (position: number, encrypted: Uint8Array | undefined): ClusterDefinition => {
    const key = publicKeys[position] as string;
    const validator = cluster.validators.get(key) as Validator;
    const encryptedKeyShares = new Map([...(validator.encryptedKeyShares ?? []), [operatorId, encrypted ?? new Uint8Array(256)]]);
    return {...cluster, validators: new Map([...cluster.validators, [key, {...validator, encryptedKeyShares}]])};
  };
  const encryptedOf = (position: number, id: number): Uint8Array =>
    cluster.validators.get(publicKeys[position] as string)?.encryptedKeyShares?.get(id) as Uint8Array;

  it("opens its operator's share of every validator, and signs with it", async () => {
    const progress: string[] = [];
    const {keyShares, problems} = await create({
      onProgress: (opened: number, total: number) => progress.push(`${opened}/${total}`),
    }).open(cluster);
    expect(problems).toEqual([]);
    expect(progress).toEqual(["1/3", "2/3", "3/3"]);
    expect([...keyShares.publicKeys]).toEqual(publicKeys);
    const root = voluntaryExitSigningRoot(network, 42);
    for (const [position, publicKey] of publicKeys.entries()) {
      const share = validators[position]?.secretShares[1] as SecretKey;
      const signature = await keyShares.sign({network, publicKey, validatorIndex: 42});
      expect(toHex(signature)).toBe(toHex(share.sign(root).toBytes()));
    }
    await expect(keyShares.sign({network, publicKey: `0x${"00".repeat(48)}`, validatorIndex: 42})).rejects.toThrow();
  });

  it.each([
    {id: "is not encrypted to it", encrypted: () => encryptedOf(1, 900), code: "KEY_SHARE_UNDECRYPTABLE"},
    {id: "is no ciphertext", encrypted: () => new Uint8Array(256), code: "KEY_SHARE_UNDECRYPTABLE"},
    {id: "is its share of another validator", encrypted: () => encryptedOf(2, operatorId), code: "KEY_SHARE_FOREIGN"},
  ])("signs for the others if a share $id, and reports it", async ({encrypted, code}) => {
    const {keyShares, problems} = await create().open(withShare(1, encrypted()));
    expect([...keyShares.publicKeys]).toEqual([publicKeys[0], publicKeys[2]]);
    expect(problems).toEqual([{publicKey: publicKeys[1], error: expect.objectContaining({code})}]);
    const message = problems[0]?.error.message;
    for (const part of [operatorKeyFile, publicKeys[1], `SSV operator ${operatorId}`]) expect(message).toContain(part);
  });

  it("reports each share that a key does not open, even if it opens none", async () => {
    const other = folder.write("other.json", await toEncryptedKey(ssvOperators[2] as SsvOperator, password, 2));
    const {keyShares, problems} = await create({operatorKeyFile: other}).open(cluster);
    expect(keyShares.publicKeys.size).toBe(0);
    expect(problems.map(({error}) => error.code)).toEqual(Array(cluster.validators.size).fill("KEY_SHARE_UNDECRYPTABLE"));
  });

  it("has nothing to say of a cluster with no validator yet", async () => {
    const {keyShares, problems} = await create().open({...cluster, validators: new Map()});
    expect([keyShares.publicKeys.size, problems]).toEqual([0, []]);
  });

  it("follows a definition: opens new shares, drops removed ones, and neither reads nor opens anything again", async () => {
    const operatorKey = folder.write("moved.json", await toEncryptedKey(ssvOperators[1] as SsvOperator, password, 2));
    const source = create({operatorKeyFile: operatorKey});
    const [first, second, third] = [...cluster.validators] as [[string, Validator], [string, Validator], [string, Validator]];
    await source.open({...cluster, validators: new Map([first, second])});
    rmSync(operatorKey);
    const {validators: changed} = withShare(1, undefined);
    const {keyShares, problems} = await source.open({...cluster, validators: new Map([...changed, third].slice(1))});
    expect([...keyShares.publicKeys]).toEqual([second[0], third[0]]);
    expect(problems).toEqual([]);
  });

  it.each([
    {id: "an operator who is not of the cluster", operator: 6, of: () => cluster, told: "5, 123, 900, 1042"},
    {id: "an Obol cluster", operator: 1, of: () => aCluster().definition, told: "not of an SSV cluster"},
  ])("refuses $id", async ({operator, of, told}) => {
    await expect(create({operatorId: operator}).open(of())).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(told),
    });
  });

  it("puts no secret into an error", async () => {
    const {problems} = await create().open(withShare(1, encryptedOf(2, operatorId)));
    const told = JSON.stringify(problems.map(({error}) => ({...error, text: String(error.stack)})));
    for (const {secretShares} of validators)
      expect(told).not.toContain(toHex(secretShares[1]?.toBytes() ?? Uint8Array.of()).slice(2));
  });
});
