import {mkdirSync, readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import type {Validator} from "../../../src/clusters/cluster.js";
import {loadDefinition} from "../../../src/clusters/loadDefinition.js";
import {networks} from "../../../src/consensus/networks.js";
import {demoVault, toClusterLock} from "../../../src/sandbox/makeCluster.js";
import {aCluster, type TestCluster} from "../../support/examples/cluster.js";
import {forgeLock} from "../../support/examples/forged.js";
import {fixture, useFolder} from "../../support/files.js";

const folder = useFolder();
const [one, two] = [aCluster({validators: 1}), aCluster({validators: 2})];
const keysOf = (...clusters: TestCluster[]): string[] => clusters.flatMap(({definition}) => [...definition.validators.keys()]);
let count = 0;
/** A new directory with these files. */
const directory = (files: Record<string, unknown>): string => {
  const name = `definitions-${++count}`;
  mkdirSync(folder.path(name));
  for (const [file, content] of Object.entries(files)) folder.write(`${name}/${file}`, content);
  return folder.path(name);
};

describe("loadDefinition", () => {
  it.each([
    {id: "a file", files: {"cluster-lock.json": one.lock}, of: "/cluster-lock.json", expected: keysOf(one)},
    {
      id: "a directory, whose other files are none of its business",
      files: {
        "cluster-lock.json": one.lock,
        "alpha-cluster-lock-2.json": two.lock,
        "deposit_data.json": [],
        "proofs.json": "not JSON",
        "keystore-0.json": {crypto: {}},
        ".cluster-lock.json": "hidden",
        "cluster-lock.json.bak": "a copy",
      },
      of: "",
      expected: keysOf(two, one),
    },
    {
      id: "what a glob matches, whatever it is called",
      files: {"a/lock.json": one.lock, "b/lock.json": two.lock, "b/other.json": {}},
      of: "/*/lock.json",
      expected: keysOf(one, two),
    },
    {
      id: "a glob with braces",
      files: {"a.json": one.lock, "b.json": two.lock, "c.json": {}},
      of: "/{a,b}.json",
      expected: keysOf(one, two),
    },
    {
      id: "a glob below a folder whose name would be one",
      files: {"(prod) [1]/a.json": one.lock},
      of: "/(prod) [1]/*.json",
      expected: keysOf(one),
    },
    {
      id: "a file whose name would be a glob",
      files: {"lock[1].json": one.lock, "lock1.json": two.lock},
      of: "/lock[1].json",
      expected: keysOf(one),
    },
  ])("reads $id", async ({files, of, expected}) => {
    const {type, network, threshold, validators} = await loadDefinition(`${directory(files)}${of}`, "hoodi");
    expect({type, network, threshold}).toEqual({type: "OBOL", network: "hoodi", threshold: 3});
    expect([...validators.keys()]).toEqual(expected);
  });

  const keyshares = readFileSync(fixture("ssv-dkg", "keyshares.json"), "utf8");
  const ceremony = {"ceremony-1/000001-0x80/keyshares.json": keyshares, "ceremony-1/000001-0x80/proofs.json": []};
  it.each([
    {id: "of one validator, in its folder", files: ceremony, of: "/ceremony-1"},
    {id: "of one validator, by a glob", files: ceremony, of: "/ceremony-*/*/keyshares.json"},
    {
      id: "of several, which has all of them beside their folders",
      files: {...ceremony, "ceremony-1/keyshares.json": keyshares},
      of: "/ceremony-1/**/keyshares.json",
    },
  ])("reads what a ceremony of ssv-dkg wrote: $id", async ({files, of}) => {
    const {type, threshold, validators} = await loadDefinition(`${directory(files)}${of}`, "hoodi");
    expect({type, threshold, count: validators.size}).toEqual({type: "SSV", threshold: 3, count: 1});
  });

  it("takes copies of a file for one, with its id, and a backup for what it has, whatever they are called", async () => {
    const {definitionId} = await loadDefinition(`${directory({"a.json": two.lock})}/a.json`, "hoodi");
    for (const copy of ["0 cluster-lock.json", "cluster-lock (1).json", "z-cluster-lock.json"]) {
      const copies = await loadDefinition(directory({"cluster-lock.json": two.lock, [copy]: two.lock}), "hoodi");
      expect([copies.definitionId, ...copies.validators.keys()], copy).toEqual([definitionId, ...keysOf(two)]);
      const before = toClusterLock(networks.hoodi, two.validators.slice(0, 1), 4, 3);
      const backup = await loadDefinition(directory({"cluster-lock.json": two.lock, [copy]: before}), "hoodi");
      expect([...backup.validators.keys()], copy).toEqual(keysOf(two));
    }
  });

  it("leaves the folders of a directory alone that has a definition itself", async () => {
    const path = directory({"cluster-lock.json": one.lock, "backup/cluster-lock.json": two.lock});
    expect([...(await loadDefinition(path, "hoodi")).validators.keys()]).toEqual(keysOf(one));
  });

  it.each([
    {id: "no file", files: {}, of: "/cluster-lock.json", code: "FILE_MISSING"},
    {id: "a directory without definitions", files: {"deposit_data.json": []}, of: "", code: "CLUSTER_DEFINITION_MISSING"},
    {id: "a glob that matches nothing", files: {"a.json": {}}, of: "/*.lock", code: "CLUSTER_DEFINITION_MISSING"},
    {id: "what is not JSON", files: {"a.json": "{]"}, of: "/a.json", code: "CLUSTER_DEFINITION_UNKNOWN"},
    {id: "what is half written", files: {"a.json": "{"}, of: "/a.json", code: "FILE_INCOMPLETE"},
    {id: "JSON of another kind", files: {"a.json": {keystore: 1}}, of: "/a.json", code: "CLUSTER_DEFINITION_UNKNOWN"},
    {id: "a list", files: {"a.json": [one.lock]}, of: "/a.json", code: "CLUSTER_DEFINITION_UNKNOWN"},
    {id: "nothing", files: {"a.json": ""}, of: "/a.json", code: "FILE_INCOMPLETE"},
    {id: "a word", files: {"a.json": '"shares"'}, of: "/a.json", code: "CLUSTER_DEFINITION_UNKNOWN"},
    {id: "null", files: {"a.json": "null"}, of: "/a.json", code: "CLUSTER_DEFINITION_UNKNOWN"},
    {id: "a lock with a field missing", files: {"a.json": {cluster_definition: {}}}, of: "/a.json", code: "CLUSTER_LOCK_INVALID"},
  ])("refuses $id with $code, and names it", async ({files, of, code}) => {
    const path = `${directory(files)}${of}`;
    await expect(loadDefinition(path, "hoodi")).rejects.toMatchObject({code, message: expect.stringContaining(path)});
  });

  it.each([
    {id: "another threshold", second: aCluster({threshold: 2}).lock, problem: "threshold"},
    {id: "other share indexes", second: aCluster({nodes: 5}).lock, problem: "share indexes"},
    {id: "another type", second: readFileSync(fixture("ssv-dkg", "keyshares.json"), "utf8"), problem: "type"},
    {
      id: "a validator whose shares are others",
      second: forgeLock([...one.definition.validators.values()][0] as Validator, demoVault),
      problem: keysOf(one)[0] as string,
    },
  ])("refuses files of one cluster with $id, and names both", async ({second, problem}) => {
    const path = directory({"cluster-lock-1.json": one.lock, "cluster-lock-2.json": second});
    await expect(loadDefinition(path, "hoodi")).rejects.toMatchObject({
      code: "CLUSTER_FILES_DISAGREE",
      message: expect.stringMatching(new RegExp(`cluster-lock-2.*${problem}.*cluster-lock-1`)),
    });
  });
});
