import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {networkNames} from "../../../../schemas/fields.js";
import {loadDefinition} from "../../../../src/clusters/loadDefinition.js";
import type {ClusterLock} from "../../../../src/clusters/obol/clusterLock.js";
import {readObolLock} from "../../../../src/clusters/obol/obolLock.js";
import {networks} from "../../../../src/consensus/networks.js";
import {fromHex, toHex} from "../../../../src/runtime/hex.js";
import {badPublicKeys} from "../../../support/examples/badPoints.js";
import {aCluster} from "../../../support/examples/cluster.js";
import {aSecretKey, deal, idsUpTo, scalars} from "../../../support/examples/keys.js";
import {fixture, useFolder} from "../../../support/files.js";

const folder = useFolder();
const readLock = (path: string): ClusterLock => JSON.parse(readFileSync(path, "utf8")) as ClusterLock;
const v1_7 = fixture("charon", "cluster-lock-v1.7.0-4ops-3vals.json");
const v1_1 = fixture("charon", "cluster-lock-v1.1.0-4of-5vals-base64shares.json");

describe("a lock of a real cluster", () => {
  it.each([
    {id: "v1.7, shares in hex", path: v1_7, validators: 3, bytesOf: fromHex},
    {
      id: "v1.1, shares in base64",
      path: v1_1,
      validators: 5,
      bytesOf: (share: string) => new Uint8Array(Buffer.from(share, "base64")),
    },
  ])("is read whole: $id", ({path, validators, bytesOf}) => {
    const lock = readLock(path);
    const definition = readObolLock(lock, path);
    expect(definition.threshold).toBe(3);
    expect(definition.validators.size).toBe(validators);
    const read = [...definition.validators].map(([key, {publicKeyHex, publicKey, publicKeyShares}]) => ({
      keys: [key, publicKeyHex, toHex(publicKey.toBytes())],
      shares: [...publicKeyShares].map(([shareIndex, share]) => [shareIndex, toHex(share.toBytes())]),
    }));
    const written = lock.distributed_validators.map(({distributed_public_key: key, public_shares}) => ({
      keys: [key, key, key],
      shares: public_shares.map((share, position) => [position + 1, toHex(bytesOf(share))]),
    }));
    expect(read).toEqual(written);
    expect(read.every(({shares}) => shares.length === 4)).toBe(true);
  });

  it.each(networkNames.flatMap((network) => [v1_7, v1_1].map((path) => ({network, path}))))(
    "is refused on $network, for it is of goerli: $path",
    async ({network, path}) => {
      await expect(loadDefinition(path, network)).rejects.toMatchObject({
        code: "CLUSTER_NETWORK_MISMATCH",
        message: expect.stringContaining("goerli"),
      });
    },
  );
});

describe("charon's golden locks, whose keys are random bytes", () => {
  const golden = readdirSync(fixture("charon", "golden")).map((name) => ({name, path: fixture("charon", "golden", name)}));

  it.each(golden)("are of sepolia: $name", async ({path}) => {
    await expect(loadDefinition(path, "hoodi")).rejects.toMatchObject({
      code: "CLUSTER_NETWORK_MISMATCH",
      message: expect.stringContaining("sepolia"),
    });
  });

  it.each(golden)("are refused: $name", ({path}) => {
    expect(() => readObolLock(readLock(path), path)).toThrow(expect.objectContaining({code: "CLUSTER_LOCK_INVALID"}));
  });

  it.each(golden)("are refused for their keys when their threshold of 3 of 2 is mended: $name", ({path}) => {
    const lock = readLock(path);
    lock.cluster_definition.threshold = 2;
    expect(() => readObolLock(lock, path)).toThrow(
      expect.objectContaining({code: "CLUSTER_LOCK_INVALID", message: expect.stringContaining("not a valid BLS public key")}),
    );
  });
});

describe("a cluster lock", () => {
  it.each(networkNames)("loads a lock of %s", async (name) => {
    const {lock} = aCluster({network: networks[name]});
    const definition = await loadDefinition(folder.write(`${name}.json`, lock), name);
    expect(definition).toMatchObject({network: name, threshold: 3});
    expect([...definition.validators.keys()]).toEqual(lock.distributed_validators.map((it) => it.distributed_public_key));
  });

  const {lock: hoodi} = aCluster();
  const stranger = toHex(aSecretKey("a stranger").toPublicKey().toBytes());

  /** The lock, written with a change of it. */
  const written = (change: (lock: ClusterLock, validators: ClusterLock["distributed_validators"]) => unknown): string => {
    const lock = structuredClone(hoodi);
    change(lock, lock.distributed_validators);
    return folder.write("changed.json", lock);
  };
  type Change = Parameters<typeof written>[0];
  const first = (change: (validator: ClusterLock["distributed_validators"][number]) => unknown): Change => {
    return (_, [validator]) => validator && change(validator);
  };

  it("reads hex in upper case, and writes it in lower case", async () => {
    const path = written((_, validators) => {
      for (const validator of validators) {
        const upper = (hex: string): string => `0x${hex.slice(2).toUpperCase()}`;
        validator.distributed_public_key = upper(validator.distributed_public_key);
        validator.public_shares = validator.public_shares.map(upper);
      }
    });
    const {validators} = await loadDefinition(path, "hoodi");
    expect([...validators.keys()]).toEqual(hoodi.distributed_validators.map((it) => it.distributed_public_key));
  });

  it("reads a cluster of one", async () => {
    const {lock} = aCluster({nodes: 1, threshold: 1});
    expect((await loadDefinition(folder.write("one.json", lock), "hoodi")).threshold).toBe(1);
  });

  it.each<{id: string; change: Change}>([
    {id: "only the first share", change: first((it) => it.public_shares.splice(0, 1, stranger))},
    {
      id: "only the fourth share, which no threshold of the first needs",
      change: first((it) => it.public_shares.splice(3, 1, stranger)),
    },
    {id: "only the fourth share of the last validator", change: (_, [, last]) => last?.public_shares.splice(3, 1, stranger)},
    {id: "the validator's key", change: first((it) => Object.assign(it, {distributed_public_key: stranger}))},
    {id: "the order of the shares", change: first((it) => it.public_shares.reverse())},
    {
      id: "two shares, each in the other's place",
      change: first((it) => it.public_shares.splice(1, 2, it.public_shares[2] ?? "", it.public_shares[1] ?? "")),
    },
    {id: "a share of a later validator", change: (_, [one, two]) => one?.public_shares.splice(3, 1, two?.public_shares[3] ?? "")},
    {id: "a lower threshold", change: ({cluster_definition}) => Object.assign(cluster_definition, {threshold: 2})},
  ])("refuses what does not belong together: $id", async ({change}) => {
    await expect(loadDefinition(written(change), "hoodi")).rejects.toMatchObject({code: "CLUSTER_SHARES_INCONSISTENT"});
    await expect(loadDefinition(written(change), "hoodi", {verify: false})).rejects.toMatchObject({
      code: "CLUSTER_SHARES_INCONSISTENT",
    });
  });

  const without =
    (field: string): Change =>
    (lock) =>
      Reflect.deleteProperty(lock, field);
  const define =
    (fields: object): Change =>
    ({cluster_definition}) =>
      Object.assign(cluster_definition, fields);
  const undefine =
    (field: string): Change =>
    ({cluster_definition}) =>
      Reflect.deleteProperty(cluster_definition, field);

  it.each<{id: string; change: Change}>([
    {id: "no distributed_validators", change: without("distributed_validators")},
    {id: "no threshold", change: undefine("threshold")},
    {id: "no operators", change: undefine("operators")},
    {id: "no fork_version", change: undefine("fork_version")},
    {id: "no num_validators", change: undefine("num_validators")},
    {id: "threshold 0", change: define({threshold: 0})},
    {id: "a threshold of 2.5", change: define({threshold: 2.5})},
    {id: "a threshold in quotes", change: define({threshold: "3"})},
    {id: "a threshold above the number of operators", change: define({threshold: 5})},
    {id: "fewer operators than shares", change: ({cluster_definition}) => cluster_definition.operators.pop()},
    {id: "a fork_version of 3 bytes", change: define({fork_version: "0x100009"})},
    {id: "another number of validators than it says", change: define({num_validators: 3})},
    {id: "addresses of fewer validators", change: ({cluster_definition}) => cluster_definition.validators?.pop()},
    {
      id: "a withdrawal address of 19 bytes",
      change: define({validators: Array(2).fill({withdrawal_address: `0x${"1a".repeat(19)}`})}),
    },
    {id: "a hash that is no text", change: define({config_hash: 7})},
    {id: "no validators", change: (lock) => [lock.distributed_validators.splice(0), define({num_validators: 0})(lock, [])]},
    {id: "a validator without a key", change: first((it) => Reflect.deleteProperty(it, "distributed_public_key"))},
    {id: "a validator without shares", change: first((it) => Reflect.deleteProperty(it, "public_shares"))},
    {
      id: "a key without 0x",
      change: first((it) => Object.assign(it, {distributed_public_key: it.distributed_public_key.slice(2)})),
    },
    {id: "one share too few", change: first((it) => it.public_shares.pop())},
    {id: "one share too many", change: first((it) => it.public_shares.push(stranger))},
    {id: "an empty share", change: first((it) => it.public_shares.splice(3, 1, ""))},
    {id: "a share that is no text", change: first((it) => it.public_shares.splice(3, 1, 7 as never))},
    {id: "a share twice", change: first((it) => it.public_shares.splice(3, 1, it.public_shares[0] as string))},
    {
      id: "a share twice, once in upper case",
      change: first((it) => it.public_shares.splice(3, 1, `0x${it.public_shares[0]?.slice(2).toUpperCase()}`)),
    },
    {
      id: "a share twice, once in base64",
      change: first((it) => it.public_shares.splice(3, 1, Buffer.from(fromHex(it.public_shares[0] ?? "")).toString("base64"))),
    },
    {
      id: "a share that an earlier validator has",
      change: (_, [one, two]) => two?.public_shares.splice(3, 1, one?.public_shares[3] ?? ""),
    },
    {
      id: "a validator twice, with shares of another dealing",
      change: (_, validators) => {
        const [key, ...others] = scalars(3);
        const dealings = [others, others.map((it) => it + 1n)].map((rest) => deal([key as bigint, ...rest], idsUpTo(4)));
        dealings.forEach(({publicKey, publicKeyShares}, position) => {
          validators[position] = {
            distributed_public_key: toHex(publicKey.toBytes()),
            public_shares: [...publicKeyShares.values()].map((share) => toHex(share.toBytes())),
          };
        });
      },
    },
    {id: "a validator twice", change: (lock, [one]) => lock.distributed_validators.splice(1, 1, one as never)},
    ...badPublicKeys.flatMap(({id, bytes}) => [
      {id: `a key that is ${id}`, change: first((it) => Object.assign(it, {distributed_public_key: toHex(bytes)}))},
      {id: `a share that is ${id}`, change: first((it) => it.public_shares.splice(3, 1, toHex(bytes)))},
      {
        id: `a share that is ${id}, in base64`,
        change: first((it) => it.public_shares.splice(3, 1, Buffer.from(bytes).toString("base64"))),
      },
    ]),
  ])("refuses $id", async ({change}) => {
    await expect(loadDefinition(written(change), "hoodi")).rejects.toMatchObject({code: "CLUSTER_LOCK_INVALID"});
  });

  it("refuses a file that is not there", async () => {
    await expect(loadDefinition(folder.fresh(), "hoodi")).rejects.toMatchObject({code: "FILE_MISSING"});
  });

  it("refuses a lock whose shares could sign with fewer than its threshold", async () => {
    const {lock} = aCluster({nodes: 4, threshold: 2});
    lock.cluster_definition.threshold = 3;
    await expect(loadDefinition(folder.write("lower.json", lock), "hoodi")).rejects.toMatchObject({
      code: "CLUSTER_SHARES_INCONSISTENT",
    });
  });

  it("refuses the lock of another of our networks", async () => {
    await expect(
      loadDefinition(
        written(() => {}),
        "mainnet",
      ),
    ).rejects.toMatchObject({
      code: "CLUSTER_NETWORK_MISMATCH",
      message: expect.stringContaining("hoodi"),
    });
  });
});
