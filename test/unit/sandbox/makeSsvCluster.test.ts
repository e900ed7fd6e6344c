import {readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import {parseSignature, type Signature} from "../../../src/bls/curve.js";
import {readDepositData} from "../../../src/client/depositData.js";
import type {ClusterDefinition} from "../../../src/clusters/cluster.js";
import {loadDefinition} from "../../../src/clusters/loadDefinition.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {recoverExit} from "../../../src/exits/recoverExit.js";
import {createSsvKeyShares} from "../../../src/keys/ssvKeyShares.js";
import {type SsvClusterFiles, ssvOperatorIds, writeSsvCluster} from "../../../src/sandbox/makeSsvCluster.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const network = networks.hoodi;

it.each([4, 7, 10, 13])("gives %i operators different ids", (count) => {
  expect(new Set(ssvOperatorIds(count)).size).toBe(count);
  expect(ssvOperatorIds(count).slice(0, 4)).toEqual([5, 123, 900, 1042]);
});

describe("what a demo writes of an SSV cluster", () => {
  const operatorIds = ssvOperatorIds(4);
  let files: SsvClusterFiles;
  let cluster: ClusterDefinition;
  beforeAll(async () => {
    files = await writeSsvCluster(folder.path("ssv"), network, {validators: 2, operatorIds, rounds: 2});
    cluster = await loadDefinition(files.keyshares, network.name);
  });

  it("is read back as a cluster of that size, each validator with a nonce of its own", () => {
    expect(cluster).toMatchObject({type: "SSV", threshold: 3});
    const {shares} = JSON.parse(readFileSync(files.keyshares, "utf8")) as {shares: {data: {ownerNonce: number}}[]};
    expect(shares.map(({data}) => data.ownerNonce)).toEqual([0, 1]);
  });

  it("has deposit data of the cluster's validators, in its order", async () => {
    expect(await readDepositData(files.depositData, network)).toEqual([...cluster.validators.keys()]);
  });

  it("has a key for each operator, and any threshold of them sign an exit of every validator", async () => {
    const operators = await Promise.all(
      operatorIds.map(async (operatorId) => {
        const own = (name: string): string => join(files.folderOf(operatorId), name);
        const keyFiles = {operatorKeyFile: own("encrypted_private_key.json"), passwordFile: own("password")};
        return (await createSsvKeyShares({operatorId, ...keyFiles}).open(cluster)).keyShares;
      }),
    );
    for (const {publicKey, publicKeyHex} of cluster.validators.values()) {
      const signatures: [number, Signature][] = await Promise.all(
        operators.map(async ({shareIndex, sign}) => [
          shareIndex,
          parseSignature(await sign({network, publicKey: publicKeyHex, validatorIndex: 42})),
        ]),
      );
      const root = voluntaryExitSigningRoot(network, 42);
      expect(recoverExit(new Map(signatures.slice(1)), {threshold: 3, publicKey, root})).toBeDefined();
    }
  });

  it("has keys and passwords that nobody else can read", () => {
    for (const name of ["encrypted_private_key.json", "password"]) {
      expect(statSync(join(files.folderOf(5), name)).mode & 0o777).toBe(0o600);
    }
  });
});
