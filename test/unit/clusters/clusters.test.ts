import {describe, expect, it} from "vitest";
import {loadCluster, toClusters} from "../../../src/clusters/clusters.js";
import type {ClusterEntry} from "../../../src/participants/participants.js";
import {aCluster} from "../../support/examples/cluster.js";
import {sidecarsOf} from "../../support/examples/participants.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const [alpha, beta] = [aCluster(), aCluster({nodes: 7, threshold: 5})];
const entry = (id: string, lock: unknown, shareIndexes = [1, 2, 3, 4]): ClusterEntry => ({
  id,
  definition: folder.write(`${id}.json`, lock),
  operatorIds: [`operator-of-${id}`],
  sidecars: sidecarsOf(shareIndexes),
});

describe("toClusters", () => {
  const clusters = toClusters([
    {id: "alpha", operatorIds: [], ...alpha.definition},
    {id: "beta", operatorIds: [], ...beta.definition},
  ]);

  it("finds a cluster by its id and by the key of each of its validators", () => {
    expect(clusters.all.map(({id, threshold}) => ({id, threshold}))).toEqual([
      {id: "alpha", threshold: 3},
      {id: "beta", threshold: 5},
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

  it("finds nothing that is not there", () => {
    expect(clusters.byId("gamma")).toBeUndefined();
    expect(clusters.byPublicKey([...aCluster().definition.validators.keys()][0] as string)).toBeUndefined();
  });
});

describe("loadCluster", () => {
  it("puts the definition where the entry wants it", async () => {
    const cluster = await loadCluster(entry("alpha", alpha.lock), "hoodi");
    expect(cluster).toMatchObject({id: "alpha", operatorIds: ["operator-of-alpha"], type: "OBOL", threshold: 3});
  });

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
