import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {loadDefinition} from "../../../../src/clusters/loadDefinition.js";
import type {ClusterLock} from "../../../../src/clusters/obol/clusterLock.js";
import {readObolLock} from "../../../../src/clusters/obol/obolLock.js";
import {networks} from "../../../../src/consensus/networks.js";
import {toHex} from "../../../../src/runtime/hex.js";
import {toClusterLock} from "../../../../src/sandbox/makeCluster.js";
import {aCluster} from "../../../support/examples/cluster.js";
import {aSecretKey} from "../../../support/examples/keys.js";
import {fixture, useFolder} from "../../../support/files.js";

const folder = useFolder();
const real = (name: string): ClusterLock => JSON.parse(readFileSync(fixture("charon", name), "utf8"));
const [v1_1, v1_7] = [real("cluster-lock-v1.1.0-4of-5vals-base64shares.json"), real("cluster-lock-v1.7.0-4ops-3vals.json")];
const made = aCluster();
const locks = [
  {id: "charon's of v1.1", lock: v1_1},
  {id: "charon's of v1.7", lock: v1_7},
  {id: "the demo's", lock: made.lock},
];

type Change = (lock: ClusterLock) => unknown;
const changed = (lock: ClusterLock, change: Change): ClusterLock => {
  const copy = structuredClone(lock);
  change(copy);
  return copy;
};
const define =
  (fields: object): Change =>
  ({cluster_definition}) =>
    Object.assign(cluster_definition, fields);
const set =
  (fields: object): Change =>
  (lock) =>
    Object.assign(lock, fields);
const unverified = (...names: RegExp[]) =>
  expect.objectContaining({
    code: "CLUSTER_LOCK_UNVERIFIED",
    message: expect.stringMatching(new RegExp(names.map((it) => it.source).join(".*"))),
  });

const otherHash = {hex: `0x${"5a".repeat(32)}`, base64: Buffer.alloc(32, 0x5a).toString("base64")};

describe.each(locks)("a lock with its hashes and signature: $id", ({lock}) => {
  const form = lock === v1_1 ? "base64" : "hex";

  it("is read", () => {
    expect(readObolLock(lock, "a lock").definitionId).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it.each<{id: string; change: Change; names: RegExp}>([
    {
      id: "another name",
      change: define({name: "another"}),
      names: /its config_hash, definition_hash, lock_hash, signature_aggregate do/,
    },
    {id: "another uuid", change: define({uuid: "another"}), names: /config_hash/},
    {
      id: "the ENR of another node",
      change: ({cluster_definition: {operators}}) => Object.assign(operators[0] ?? {}, {enr: "enr:-another"}),
      names: /its definition_hash, lock_hash, signature_aggregate do/,
    },
    {id: "another config_hash", change: define({config_hash: otherHash[form]}), names: /its config_hash does/},
    {id: "another definition_hash", change: define({definition_hash: otherHash[form]}), names: /its definition_hash does/},
    {id: "another lock_hash", change: set({lock_hash: otherHash[form]}), names: /its lock_hash does/},
    {id: "no config_hash", change: define({config_hash: ""}), names: /its config_hash does/},
    {id: "no definition_hash", change: define({definition_hash: null}), names: /its definition_hash does/},
    {id: "no lock_hash", change: (it) => Reflect.deleteProperty(it, "lock_hash"), names: /its lock_hash does/},
    {id: "a signature that is none", change: set({signature_aggregate: otherHash[form]}), names: /its signature_aggregate does/},
  ])("is refused with $id", ({change, names}) => {
    expect(() => readObolLock(changed(lock, change), "a lock")).toThrow(unverified(names));
  });

  it("is refused with nothing of them at all, but where nobody asks", () => {
    const bare = changed(lock, (it) => [
      define({config_hash: "", definition_hash: null})(it),
      set({signature_aggregate: ""})(it),
      Reflect.deleteProperty(it, "lock_hash"),
    ]);
    expect(() => readObolLock(bare, "a lock")).toThrow(unverified(/its config_hash, definition_hash, lock_hash/));
    expect(readObolLock(bare, "a lock", {verify: false}).definitionId).toBe(readObolLock(lock, "a lock").definitionId);
  });
});

describe("signature_aggregate", () => {
  it("may be missing up to v1.1, which charon wrote without, and later not", () => {
    const unsigned = set({signature_aggregate: null});
    expect(readObolLock(changed(v1_1, unsigned), "a lock").threshold).toBe(3);
    for (const lock of [v1_7, made.lock]) {
      expect(() => readObolLock(changed(lock, unsigned), "a lock")).toThrow(unverified(/its signature_aggregate does/));
    }
  });

  it.each([
    {id: "of a stranger", signature: (hash: Uint8Array) => aSecretKey("a stranger").sign(hash)},
    {
      id: "of the validators' keys, which no operator has",
      signature: (hash: Uint8Array) => made.validators[0]?.secretKey.sign(hash),
    },
    {id: "of one share", signature: (hash: Uint8Array) => made.validators[0]?.secretShares[0]?.sign(hash)},
  ])("is not one $id", ({signature}) => {
    const hash = Buffer.from(made.lock.lock_hash?.slice(2) ?? "", "hex");
    const forged = toHex(signature(hash)?.toBytes() ?? new Uint8Array());
    expect(() => readObolLock(changed(made.lock, set({signature_aggregate: forged})), "a lock")).toThrow(
      unverified(/its signature_aggregate does/),
    );
  });

  it("is not one of another lock of the same keys", () => {
    const other = toClusterLock(networks.hoodi, made.validators, 4, 3) as ClusterLock;
    const {signature_aggregate} = other;
    expect(() => readObolLock(changed(made.lock, set({signature_aggregate})), "a lock")).toThrow(
      unverified(/its signature_aggregate does/),
    );
  });
});

describe("a lock whose hashes cannot be computed", () => {
  it.each<{id: string; change: Change; says: RegExp}>([
    {id: "of a later version", change: define({version: "v1.12.0"}), says: /v1\.0 to v1\.11/},
    {id: "with a name that is no text", change: define({name: 7}), says: /\/cluster_definition\/name/},
    {
      id: "with an address of 2 bytes",
      change: define({creator: {address: "0x1234"}}),
      says: /\/cluster_definition\/creator\/address/,
    },
  ])("is refused $id, and its content is not quoted", ({change, says}) => {
    expect(() => readObolLock(changed(made.lock, change), "a lock")).toThrow(unverified(/cannot be verified/, says));
  });

  it("is refused when it has none, and where nobody asks has no id", () => {
    const lock = changed(made.lock, (it) => [
      define({version: "v1.12.0", config_hash: "", definition_hash: ""})(it),
      set({lock_hash: "", signature_aggregate: ""})(it),
    ]);
    expect(() => readObolLock(lock, "a lock")).toThrow(unverified(/cannot be verified/));
    expect(readObolLock(lock, "a lock", {verify: false})).not.toHaveProperty("definitionId");
  });
});

describe("verify: false", () => {
  const path = folder.write(
    "tampered.json",
    changed(made.lock, ({cluster_definition}) => Object.assign(cluster_definition, {name: "another"})),
  );

  it("reports what is wrong, with the file, and reads it anyway", async () => {
    const told: string[] = [];
    const {validators} = await loadDefinition(path, "hoodi", {verify: false, onUnverified: (problem) => told.push(problem)});
    expect(validators.size).toBe(2);
    expect(told).toEqual([expect.stringMatching(/tampered\.json.*config_hash/)]);
  });

  it("reports nothing if everything is right", async () => {
    const told: string[] = [];
    const good = folder.write("good.json", made.lock);
    await loadDefinition(good, "hoodi", {verify: false, onUnverified: (problem) => told.push(problem)});
    expect(told).toEqual([]);
  });

  it("has to be said", async () => {
    await expect(loadDefinition(path, "hoodi")).rejects.toMatchObject({code: "CLUSTER_LOCK_UNVERIFIED"});
    await expect(loadDefinition(path, "hoodi", {})).rejects.toMatchObject({code: "CLUSTER_LOCK_UNVERIFIED"});
  });
});

describe("the withdrawal address", () => {
  it("is each validator's own from v1.5 on", () => {
    expect([...readObolLock(v1_7, "a lock").validators.values()].map((it) => it.withdrawalAddress)).toEqual(
      v1_7.cluster_definition.validators?.map((it) => it.withdrawal_address),
    );
  });

  it("is not taken from a lock that nobody signed", () => {
    const unsigned = changed(v1_1, set({signature_aggregate: ""}));
    const addresses = (verify: boolean) =>
      [...readObolLock(unsigned, "a lock", {verify}).validators.values()].map((it) => it.withdrawalAddress);
    expect(addresses(true)).toEqual(Array(5).fill(undefined));
    expect(addresses(false)).not.toContain(undefined);
  });

  it("is one for all of them before, in lower case", () => {
    const addresses = [...readObolLock(v1_1, "a lock").validators.values()].map((it) => it.withdrawalAddress);
    expect(addresses).toEqual(Array(5).fill("0x9fd17880d4f5ae131d62ce6b48df7ba7d426a410"));
  });

  it.each([
    {id: "zeros", address: `0x${"0".repeat(40)}`},
    {id: "empty", address: ""},
    {id: "null", address: null},
    {id: "omitted", address: undefined},
  ])("is not known when it is $id", ({address}) => {
    const lock = changed(v1_1, define({withdrawal_address: address}));
    for (const validator of readObolLock(lock, "a lock", {verify: false}).validators.values()) {
      expect(validator).not.toHaveProperty("withdrawalAddress");
    }
  });
});
