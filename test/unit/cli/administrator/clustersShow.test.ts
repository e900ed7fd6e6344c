import {expect, it} from "vitest";
import {runClustersShow, toJson, toTable} from "../../../../src/cli/administrator/clustersShow.js";
import type {Validator} from "../../../../src/clusters/cluster.js";
import {toHex} from "../../../../src/runtime/hex.js";
import {aCluster} from "../../../support/examples/cluster.js";
import {fixture} from "../../../support/files.js";

const {definition, lock, validators} = aCluster();
const publicKeys = validators.map(({secretKey}) => toHex(secretKey.toPublicKey().toBytes()));
const shares = validators.map(({secretShares}) => secretShares.map((share) => toHex(share.toPublicKey().toBytes())));

it("shows in JSON what the lock contains, and nothing else", () => {
  expect(JSON.parse(toJson(definition))).toEqual({
    type: "OBOL",
    network: "hoodi",
    cluster_id: lock.lock_hash,
    threshold: 3,
    validators: publicKeys.map((public_key, position) => ({
      public_key,
      public_key_shares: Object.fromEntries((shares[position] ?? []).map((share, index) => [index + 1, share])),
    })),
  });
});

it("shows null in JSON for what a definition does not contain", () => {
  const {network: _network, definitionId: _id, ...silent} = definition;
  expect(JSON.parse(toJson(silent))).toMatchObject({network: null, cluster_id: null});
});

it("has a line in the table for each share, and the keys shortened", () => {
  const withdrawalAddress = `0x${"ab".repeat(20)}`;
  const known = [...definition.validators].map(([key, validator], position): [string, Validator] => {
    const {withdrawalAddress: _, ...silent} = validator;
    return [key, position === 0 ? {...validator, withdrawalAddress} : silent];
  });
  const lines = toTable({...definition, validators: new Map(known)}).split("\n");
  expect(lines.slice(0, 5)).toEqual([
    "type        OBOL",
    "network     hoodi",
    `cluster_id  ${lock.lock_hash}`,
    "threshold   3 of 4",
    "validators  2",
  ]);
  const shortened = (hex = ""): string => `${hex.slice(0, 10)}..${hex.slice(-6)}`;
  const cells = lines.slice(7, -1).map((line) => line.split(/ +/));
  expect(cells).toEqual(
    publicKeys.flatMap((key, position) =>
      (shares[position] ?? []).map((share, index) => [
        shortened(key),
        position === 0 ? withdrawalAddress : "-",
        String(index + 1),
        shortened(share),
      ]),
    ),
  );
});

it.each<{id: string; file: string; code: string; env?: Record<string, string>}>([
  {id: "random bytes as keys", file: fixture("charon", "golden", "cluster_lock_v1_8_0.json"), code: "CLUSTER_LOCK_INVALID"},
  {
    id: "another network than NETWORK",
    file: fixture("charon", "cluster-lock-v1.7.0-4ops-3vals.json"),
    code: "CLUSTER_NETWORK_MISMATCH",
    env: {NETWORK: "hoodi"},
  },
  {id: "nothing there", file: "/nowhere", code: "FILE_MISSING"},
])("shows nothing but $code for $id", async ({file, code, env = {}}) => {
  await expect(runClustersShow(file, {verify: true}, env)).rejects.toMatchObject({code});
});
