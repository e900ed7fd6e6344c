import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {definitionRoot} from "../../../../src/clusters/obol/hashes/definitionRoot.js";
import type {HashableDefinition} from "../../../../src/clusters/obol/hashes/hashableLock.js";
import {legacyDefinitionRoot} from "../../../../src/clusters/obol/hashes/legacyRoots.js";
import {hashObolLock} from "../../../../src/clusters/obol/obolLockHashes.js";
import {toHex} from "../../../../src/runtime/hex.js";
import {fixture} from "../../../support/files.js";

const golden = readdirSync(fixture("charon", "golden")).map((name) => ["golden", name]);
const real = ["cluster-lock-v1.1.0-4of-5vals-base64shares.json", "cluster-lock-v1.7.0-4ops-3vals.json"].map((name) => [name]);
const locks = [...golden, ...real].map((path) => ({name: path.join("/"), lock: read(path)}));

function read(path: string[]) {
  return JSON.parse(readFileSync(fixture("charon", ...path), "utf8"));
}

const hexOf = (text: string): string => (text.startsWith("0x") ? text : toHex(Buffer.from(text, "base64")));

describe("hashObolLock", () => {
  it("is tried on a lock of every version", () => {
    const versions = locks.map(({lock}) => Number(lock.cluster_definition.version.split(".")[1]));
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({length: 12}, (_, minor) => minor));
  });

  it.each(locks)("computes what charon wrote: $name", ({lock}) => {
    const {hashes} = hashObolLock(lock);
    expect(Object.entries(hashes ?? {}).map(([name, hash]) => [name, toHex(hash)])).toEqual([
      ["config_hash", hexOf(lock.cluster_definition.config_hash)],
      ["definition_hash", hexOf(lock.cluster_definition.definition_hash)],
      ["lock_hash", hexOf(lock.lock_hash)],
    ]);
  });

  it.each(["v1.12.0", "v2.0.0", "v1.7.1", "v1.7", "1.7.0", "v1.01.0", ""])("has none of version %j", (version) => {
    const lock = structuredClone(locks[0]?.lock);
    lock.cluster_definition.version = version;
    const {hashes, problem} = hashObolLock(lock);
    expect(hashes).toBeUndefined();
    expect(problem).toContain("version");
  });
});

/** What charon's own tests of its hashes begin with, and the hashes that they expect: cluster/testdata/TestHashDefinition*.golden. */
const definition: HashableDefinition = {
  uuid: "f4c00e58-1a54-4e55-8d76-2b2a6d4c3f9a",
  name: "test-cluster-3of4",
  version: "",
  timestamp: "2024-06-15T12:00:00Z",
  num_validators: 2,
  threshold: 3,
  dkg_algorithm: "default",
  fork_version: "0x00001020",
  operators: ["enr:-Iu4QNHNMf", "enr:-Iu4QABCDef", "enr:-Iu4QXYZghi"].map((enr, position) => ({
    address: `0x${String(position + 1).repeat(40)}`,
    enr,
  })),
  creator: {address: `0x${"1".repeat(40)}`},
  fee_recipient_address: `0x${"a".repeat(40)}`,
  withdrawal_address: `0x${"b".repeat(40)}`,
  validators: Array.from({length: 2}, () => ({
    fee_recipient_address: `0x${"a".repeat(40)}`,
    withdrawal_address: `0x${"b".repeat(40)}`,
  })),
};
const configHash = new Uint8Array(32).fill(0x0f);
const signatures = (byte: number, count = 1): string => toHex(new Uint8Array(65 * count).fill(byte));

type Case = {id: string; minor: number; change?: Partial<HashableDefinition>; whole?: boolean; root: string};
const cases: Case[] = [
  {
    id: "v1.0 without a timestamp",
    minor: 0,
    change: {timestamp: ""},
    root: "90336d34257fd9b1c2b6b119d008e7f0cff112e91455e24b0666e23aae480216",
  },
  {id: "v1.2", minor: 2, root: "36e332cad485463ba6deb041fd5b3949fd7a09e3c1eb456bb3d9f97b8ae31673"},
  {
    id: "v1.2 with operators that did not sign",
    minor: 2,
    whole: true,
    root: "c81916384a24056a596f2d87daf6f2693c12f9df9601122436dfbce0c0e51ed2",
  },
  {id: "v1.3", minor: 3, root: "e314abc0c7bc2dbf22a4c6c044481880675e47eed15bf7b734ce2a275dfbf81a"},
  {id: "v1.4", minor: 4, root: "068e5c2c4262e4fef6f99f858a3d7ceb2243bc411d9523d445a38752da68dec7"},
  {
    id: "v1.10 with compounding validators",
    minor: 10,
    change: {
      deposit_amounts: ["32000000000"],
      consensus_protocol: "abft",
      target_gas_limit: 30_000_000,
      compounding: true,
    },
    root: "5e16fdd44a25d37ebce15ea9d2069ec9d0930ce8d3a0e9091f82edae5969b306",
  },
  {
    id: "v1.11 without deposit amounts",
    minor: 11,
    change: {deposit_amounts: null, consensus_protocol: ""},
    root: "d2c1c9a81b4415fc6e5c9fc0143459de1632c38c72561a492e1aaaeddbe9b9ee",
  },
  {
    id: "v1.11 with a deposit of nothing",
    minor: 11,
    change: {
      deposit_amounts: ["32000000000", "1000000000", "0"],
      consensus_protocol: "qbft",
      target_gas_limit: 36_000_000,
      compounding: true,
    },
    root: "2c99bee9221f28d61c85f3dba4ed6d553f76b0a5aa23f96f8feeb2254fbf6a49",
  },
  {
    id: "v1.11 without signatures",
    minor: 11,
    whole: true,
    root: "bce69aaef710e47f36a671734f12973f580e89f32e5c36006a9bb5594082380a",
  },
  {
    id: "v1.11 with a creator of two signatures",
    minor: 11,
    whole: true,
    change: {
      operators: definition.operators.map((operator, position) => ({
        ...operator,
        config_signature: signatures(position + 1),
        enr_signature: signatures(position + 16),
      })),
      creator: {...definition.creator, config_signature: signatures(0xcc, 2)},
    },
    root: "906b7e3b069edd1d184427ba46baf12af250781dd10174ff40ea4d8f774d1062",
  },
];

it.each(cases)("hashes a definition as charon's tests do: $id", ({minor, change, whole = false, root}) => {
  const changed = {...definition, version: `v1.${minor}.0`, ...change};
  const hash =
    minor <= 2 ? legacyDefinitionRoot(changed, minor, whole) : definitionRoot(changed, minor, whole ? configHash : undefined);
  expect(toHex(hash)).toBe(`0x${root}`);
});
