import {describe, expect, it} from "vitest";
import {loadCluster, loadClusters} from "../../../src/clusters/clusters.js";
import {networks} from "../../../src/consensus/networks.js";
import {type DealtValidator, toClusterLock} from "../../../src/demo/makeCluster.js";
import type {ClusterEntry} from "../../../src/participants/participants.js";
import {aCluster} from "../support/cluster.js";
import {useFolder} from "../support/files.js";
import {sidecarsOf, someParticipants} from "../support/participants.js";

const folder = useFolder();
const [alpha, beta] = [aCluster(), aCluster({nodes: 7, threshold: 5})];
const entry = (id: string, lock: unknown, shareIndexes = [1, 2, 3, 4]): ClusterEntry => ({
  id,
  definition: folder.write(`${id}.json`, lock),
  operatorIds: [`operator-of-${id}`],
  sidecars: sidecarsOf(shareIndexes),
});
const load = (...clusters: ClusterEntry[]) =>
  loadClusters(someParticipants({network: "hoodi", operatorIds: ["operator-of-alpha"], clusters}));

describe("loadClusters", () => {
  it("finds a cluster by its id and by the key of each of its validators", async () => {
    const clusters = await load(entry("alpha", alpha.lock), entry("beta", beta.lock, [7]));
    expect(clusters.all.map(({id, threshold, operatorIds}) => ({id, threshold, operatorIds}))).toEqual([
      {id: "alpha", threshold: 3, operatorIds: ["operator-of-alpha"]},
      {id: "beta", threshold: 5, operatorIds: ["operator-of-beta"]},
    ]);
    expect(clusters.byId("beta")?.threshold).toBe(5);
    const keys = [alpha, beta].flatMap(({definition}) => [...definition.validators.keys()]);
    const found = keys.map((key) => [clusters.byPublicKey(key)?.cluster.id, clusters.byPublicKey(key)?.validator.publicKeyHex]);
    expect(found).toEqual([
      ["alpha", keys[0]],
      ["alpha", keys[1]],
      ["beta", keys[2]],
      ["beta", keys[3]],
    ]);
  });

  it("finds nothing that is not there", async () => {
    const clusters = await load(entry("alpha", alpha.lock));
    expect(clusters.byId("beta")).toBeUndefined();
    expect(clusters.byPublicKey([...beta.definition.validators.keys()][0] as string)).toBeUndefined();
  });

  it("refuses a validator that is in two clusters, and names both", async () => {
    const shared = structuredClone(beta.lock);
    const [, second] = alpha.validators;
    const overlapping = toClusterLock(networks.hoodi, [...aCluster({validators: 1}).validators, second as DealtValidator], 4, 3);
    await expect(load(entry("alpha", alpha.lock), entry("beta", shared), entry("gamma", overlapping))).rejects.toMatchObject({
      code: "PARTICIPANTS_INVALID",
      message: expect.stringMatching(/alpha.*gamma/),
    });
  });

  it("refuses what its definition is refused for", async () => {
    await expect(load(entry("alpha", {}))).rejects.toMatchObject({code: "CLUSTER_LOCK_INVALID"});
  });
});

describe("loadCluster", () => {
  it.each([
    {id: "one beyond the last", shareIndexes: [1, 5]},
    {id: "a node index that counts from 0", shareIndexes: [0, 1, 2, 3]},
  ])("refuses a share index that the lock lacks: $id", async ({shareIndexes}) => {
    await expect(loadCluster(entry("alpha", alpha.lock, shareIndexes), "hoodi")).rejects.toMatchObject({
      code: "PARTICIPANTS_INVALID",
    });
  });

  it("refuses a lock of another network", async () => {
    await expect(loadCluster(entry("alpha", alpha.lock), "gnosis")).rejects.toMatchObject({code: "CLUSTER_NETWORK_MISMATCH"});
  });
});
