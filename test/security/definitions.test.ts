import {describe, expect, it} from "vitest";
import {readDefinitionFile} from "../../src/clusters/loadDefinition.js";
import type {ClusterLock} from "../../src/clusters/obol/clusterLock.js";
import {aCluster} from "../support/examples/cluster.js";
import {forgeKeyshares, forgeLock, reseal} from "../support/examples/forged.js";
import {anSsvCluster} from "../support/examples/ssvCluster.js";
import {useFolder} from "../support/files.js";

const folder = useFolder();
const victim = aCluster({validators: 1});
const [validator] = victim.definition.validators.values();
if (!validator) throw new Error("no validator");
const hostile = `0x${"66".repeat(20)}`;
let count = 0;
const read = (content: unknown, network: "hoodi" | "mainnet" = "hoodi") =>
  readDefinitionFile(folder.write(`${++count}.json`, content), network, {});

/** The lock with every withdrawal address replaced. */
const robbed = (lock: ClusterLock): ClusterLock => {
  const {validators} = lock.cluster_definition;
  const replaced = validators?.map((it) => ({...it, withdrawal_address: hostile})) ?? null;
  return {...lock, cluster_definition: {...lock.cluster_definition, validators: replaced}};
};
const bare = (lock: ClusterLock): ClusterLock => ({
  ...lock,
  cluster_definition: {...lock.cluster_definition, config_hash: "", definition_hash: ""},
  lock_hash: "",
  signature_aggregate: "",
});

describe("a cluster definition that names another cluster's validator", () => {
  it("can be made by whoever knows its public key, so that nothing in it tells: who had the validator first keeps it", async () => {
    const lock = await read(forgeLock(validator, hostile));
    expect([...lock.validators.values()]).toMatchObject([{publicKeyHex: validator.publicKeyHex, withdrawalAddress: hostile}]);
    const ssv = anSsvCluster({validators: 1});
    const [key] = (await ssv.definition()).validators.keys();
    const keyshares = await read(forgeKeyshares(ssv.file, [7, 8, 9, 10]));
    expect([...keyshares.validators.values()].map((it) => [it.publicKeyHex, [...it.publicKeyShares.keys()]])).toEqual([
      [key, [7, 8, 9, 10]],
    ]);
  });

  it.each([
    {id: "a lock with all of its seals taken out, and another withdrawal address", of: bare(robbed(victim.lock))},
    {
      id: "a lock with another withdrawal address, and seals of its own",
      of: reseal(robbed(victim.lock), () => new Uint8Array(96)),
    },
    {
      id: "a lock signed by the nodes of another cluster",
      of: {...victim.lock, signature_aggregate: aCluster().lock.signature_aggregate ?? ""},
    },
  ])("is refused where it is $id", async ({of}) => {
    await expect(read(of)).rejects.toMatchObject({code: "CLUSTER_LOCK_UNVERIFIED"});
  });

  it("has no say in where stakes are withdrawn to, where it is made up as a lock of a version that needs no signature", async () => {
    const {distributed_validators, cluster_definition} = bare(robbed(victim.lock));
    const old = {
      distributed_validators: distributed_validators.map(toBase64),
      lock_hash: "",
      cluster_definition: {...cluster_definition, version: "v1.1.0", validators: null, withdrawal_address: hostile},
    } as ClusterLock;
    const {signature_aggregate: _, ...unsigned} = reseal(old, () => new Uint8Array());
    const {config_hash, definition_hash} = unsigned.cluster_definition;
    const lock = {
      ...unsigned,
      lock_hash: base64Of(unsigned.lock_hash),
      cluster_definition: {
        ...unsigned.cluster_definition,
        config_hash: base64Of(config_hash),
        definition_hash: base64Of(definition_hash),
      },
    };
    for (const it of (await read(lock)).validators.values()) expect(it).not.toHaveProperty("withdrawalAddress");
  });

  it.each([
    {id: "without its owner", data: {ownerAddress: null, ownerNonce: null}},
    {id: "with another owner", data: {ownerAddress: hostile}},
    {id: "with another nonce", data: {ownerNonce: 9}},
  ])("is refused where it is a keyshares file $id", async ({data}) => {
    const {file} = anSsvCluster({validators: 1});
    const forged = forgeKeyshares(file, [7, 8, 9, 10]);
    Object.assign(forged.shares[0]?.data ?? {}, data);
    await expect(read(forged)).rejects.toMatchObject({code: "OWNER_SIGNATURE_INVALID"});
  });
});

const base64Of = (hex: string | null | undefined): string => Buffer.from((hex ?? "").slice(2), "hex").toString("base64");
const toBase64 = <T extends {public_shares: string[]}>(one: T): T => ({...one, public_shares: one.public_shares.map(base64Of)});
