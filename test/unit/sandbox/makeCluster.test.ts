import {readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import {parsePublicKey, parseSignature, type Signature, verifySignature} from "../../../src/bls/curve.js";
import {readDepositData} from "../../../src/client/depositData.js";
import type {ClusterDefinition} from "../../../src/clusters/cluster.js";
import {loadDefinition} from "../../../src/clusters/loadDefinition.js";
import {DepositData, DepositMessage, depositSigningRoot} from "../../../src/consensus/deposit.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {recoverExit} from "../../../src/exits/recoverExit.js";
import {createKeystores} from "../../../src/keys/keystores.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {type ClusterFiles, keystoresOf, writeCluster} from "../../../src/sandbox/makeCluster.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const size = {validators: 3, nodes: 4, threshold: 3, keystoreRounds: 2};

describe.each(Object.values(networks))("what a demo writes for $name", (network) => {
  let files: ClusterFiles;
  let cluster: ClusterDefinition;
  beforeAll(async () => {
    files = await writeCluster(folder.path(network.name), network, size);
    cluster = await loadDefinition(files.clusterLock, network.name);
  });

  it("is read back as a cluster of that size", () => {
    expect(cluster.threshold).toBe(3);
    expect([...cluster.validators.values()].map(({publicKeyShares}) => [...publicKeyShares.keys()])).toEqual(
      Array.from({length: 3}, () => [1, 2, 3, 4]),
    );
  });

  it("has deposit data of the cluster's validators, in its order", async () => {
    expect(await readDepositData(files.depositData, network)).toEqual([...cluster.validators.keys()]);
  });

  it("has deposits that verify, with their roots", () => {
    const deposits = JSON.parse(readFileSync(files.depositData, "utf8")) as Record<string, string>[];
    for (const deposit of deposits) {
      const bytes = (field: string): Uint8Array => fromHex(deposit[field] as string);
      const message = {
        pubkey: bytes("pubkey"),
        withdrawalCredentials: bytes("withdrawal_credentials"),
        amount: BigInt(deposit["amount"] as string),
      };
      const signature = parseSignature(bytes("signature"));
      expect(verifySignature(parsePublicKey(message.pubkey), depositSigningRoot(network, message), signature)).toBe(true);
      const roots = [
        DepositMessage.hashTreeRoot(message),
        DepositData.hashTreeRoot({...message, signature: signature.toBytes()}),
      ];
      expect(roots.map((root) => toHex(root).slice(2))).toEqual([deposit["deposit_message_root"], deposit["deposit_data_root"]]);
    }
    expect(deposits).toHaveLength(3);
  });

  it("has keystores for each node, of which any threshold sign an exit of every validator", async () => {
    const nodes = await Promise.all(
      [0, 1, 2, 3].map(async (node) => {
        const directory = keystoresOf(files.keystoresTemplate, node);
        return (await createKeystores({directory, shareIndex: node + 1}).open(cluster)).keyShares;
      }),
    );
    const root = voluntaryExitSigningRoot(network, 11);
    for (const [publicKeyHex, {publicKey}] of cluster.validators) {
      const shares = new Map<number, Signature>();
      for (const {shareIndex, sign} of nodes.slice(1)) {
        shares.set(shareIndex, parseSignature(await sign({network, publicKey: publicKeyHex, validatorIndex: 11})));
      }
      expect(recoverExit(shares, {threshold: 3, publicKey, root})).toBeDefined();
    }
  });

  it("keeps keystores and passwords to their owner", () => {
    const directory = keystoresOf(files.keystoresTemplate, 0);
    const modes = readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777);
    expect(modes).toEqual(Array.from({length: 6}, () => 0o600));
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });
});
