import {describe, expect, it} from "vitest";
import {inspectDefinition} from "../../../src/clusters/inspectDefinition.js";
import {networks} from "../../../src/consensus/networks.js";
import {aCluster} from "../../support/examples/cluster.js";
import {fixture, useFolder} from "../../support/files.js";

const folder = useFolder();
const {lock} = aCluster({network: networks.gnosis});
const path = folder.write("gnosis.json", lock);

describe("inspectDefinition", () => {
  it.each([
    {id: "ours", path, network: "gnosis"},
    {id: "none of ours", path: fixture("charon", "cluster-lock-v1.7.0-4ops-3vals.json"), network: "goerli"},
  ])("takes the network from the file: $id", async ({path, network}) => {
    expect(await inspectDefinition(path, undefined, {})).toMatchObject({type: "OBOL", network, threshold: 3});
  });

  it("looks at all files of a folder as of the network that they name", async () => {
    folder.write("several/1-cluster-lock.json", lock);
    folder.write("several/2-cluster-lock.json", aCluster({network: networks.gnosis}).lock);
    const {network, validators} = await inspectDefinition(folder.path("several"), undefined, {});
    expect({network, size: validators.size}).toEqual({network: "gnosis", size: 2 * lock.distributed_validators.length});
  });

  it("refuses what is not a definition, with a network or without", async () => {
    const text = folder.write("notes.json", "no JSON");
    for (const network of [undefined, "gnosis" as const])
      await expect(inspectDefinition(text, network, {})).rejects.toMatchObject({code: "CLUSTER_DEFINITION_UNKNOWN"});
  });

  it("has no network where nobody knows it", async () => {
    const {cluster_definition, distributed_validators} = lock;
    const unsealed = {...cluster_definition, fork_version: "0x12345678", config_hash: "", definition_hash: ""};
    const unknown = folder.write("unknown.json", {cluster_definition: unsealed, distributed_validators});
    expect(await inspectDefinition(unknown, undefined, {verify: false})).not.toHaveProperty("network");
  });

  it("refuses another network than the one that is asked for", async () => {
    expect(await inspectDefinition(path, "gnosis", {})).toMatchObject({network: "gnosis"});
    await expect(inspectDefinition(path, "hoodi", {})).rejects.toMatchObject({code: "CLUSTER_NETWORK_MISMATCH"});
  });

  it.each(["gnosis" as const, undefined])(
    "refuses what is not verified, unless it need not be, when asked for %s",
    async (network) => {
      const {signature_aggregate: _, ...unsigned} = lock;
      const file = folder.write("unsigned.json", unsigned);
      await expect(inspectDefinition(file, network, {})).rejects.toMatchObject({code: "CLUSTER_LOCK_UNVERIFIED"});
      const told: string[] = [];
      await inspectDefinition(file, network, {verify: false, onUnverified: (problem) => told.push(problem)});
      expect(told).toEqual([expect.stringContaining("signature_aggregate")]);
    },
  );
});
