import {describe, expect, it} from "vitest";
import type {Validator} from "../../../../src/clusters/cluster.js";
import type {DefinitionReader} from "../../../../src/clusters/live/definitionReader.js";
import {createFileReader} from "../../../../src/clusters/live/fileReader.js";
import {openClusters} from "../../../../src/clusters/live/liveClusters.js";
import type {FindHeld} from "../../../../src/clusters/live/readCluster.js";
import {networks} from "../../../../src/consensus/networks.js";
import {DvtError} from "../../../../src/errors.js";
import type {ClusterEntry} from "../../../../src/participants/participants.js";
import {toHex} from "../../../../src/runtime/hex.js";
import {type DealtValidator, toClusterLock} from "../../../../src/sandbox/makeCluster.js";
import {aCluster, type TestCluster} from "../../../support/examples/cluster.js";
import {forgeLock} from "../../../support/examples/forged.js";
import {deal, scalars} from "../../../support/examples/keys.js";
import {sidecarsOf} from "../../../support/examples/participants.js";
import {useFolder} from "../../../support/files.js";
import {aLogger} from "../../../support/logger.js";

const folder = useFolder();
const [one, two, three] = [aCluster(), aCluster(), aCluster()];
const keysOf = ({definition}: TestCluster): string[] => [...definition.validators.keys()];
const lockOf = (validators: readonly DealtValidator[], threshold = 3): object =>
  toClusterLock(networks.hoodi, validators, 4, threshold);
/** The same validators, their keys split anew. */
const splitAnew = ({validators}: TestCluster, threshold = 3): object => {
  const split = ({secretKey}: DealtValidator): DealtValidator => {
    const coefficients = [BigInt(toHex(secretKey.toBytes())), ...scalars(threshold - 1, "another split")];
    return {secretKey, secretShares: [...deal(coefficients, [1, 2, 3, 4]).secretShares.values()]};
  };
  return lockOf(validators.map(split), threshold);
};
/** All of these clusters' validators in one lock. */
const joined = (...all: TestCluster[]): object => lockOf(all.flatMap(({validators}) => validators));
const without = ({validators}: TestCluster): object => lockOf(validators.slice(1));

let count = 0;
/** A role's clusters, their files, and what it logged. `held`: whose exits are open. */
async function open(locks: Record<string, unknown>, held: readonly string[] = []) {
  const {logger, logged} = aLogger();
  const name = `live-${++count}`;
  const write = (id: string, lock: unknown): string => folder.write(`${name}/${id}.json`, lock);
  const entry = (id: string, change: Partial<ClusterEntry> = {}): ClusterEntry => ({
    id,
    definition: folder.path(name, `${id}.json`),
    operatorIds: ["op"],
    sidecars: sidecarsOf([1, 2, 3, 4]),
    ...change,
  });
  for (const [id, lock] of Object.entries(locks)) write(id, lock);
  const entries = Object.keys(locks).map((id) => entry(id));
  const read = ({definition}: ClusterEntry): DefinitionReader => createFileReader(definition as string, "hoodi");
  const clusters = await openClusters(entries, {read, logger});
  const findHeld: FindHeld = async ({changed, removed}) => [...changed, ...removed].filter((key) => held.includes(key));
  const refusals = (): unknown[] => logged.filter(({level}) => level === 50).map(({cluster_id, code}) => `${cluster_id} ${code}`);
  return {clusters, write, entry, entries, logged, refusals, update: (now = entries) => clusters.update(now, findHeld)};
}

describe("openClusters", () => {
  it("leaves out invalid definitions, logs it, and opens the others", async () => {
    const {clusters, refusals} = await open({a: {}, b: two.lock, c: {cluster_definition: {}}});
    expect(clusters.all.map(({id}) => id)).toEqual(["b"]);
    expect(clusters.byPublicKey(keysOf(two)[0] as string)?.cluster.id).toBe("b");
    expect(refusals()).toEqual(["a CLUSTER_DEFINITION_UNKNOWN", "c CLUSTER_LOCK_INVALID"]);
  });

  it("awaits one whose definition is half written until it is whole, and none that is wrong", async () => {
    const {clusters, write, update} = await open({a: one.lock, b: "{", c: {}});
    expect(clusters.awaited).toEqual(["b"]);
    write("b", two.lock);
    await update();
    expect(clusters.awaited).toEqual([]);
    expect(clusters.byId("b")?.validators.size).toBe(2);
    write("a", "{");
    await update();
    expect(clusters.awaited).toEqual(["a"]);
    expect(clusters.byId("a")?.validators.size).toBe(2);
  });

  it("throws the first error if no definition is valid", async () => {
    await expect(open({a: {cluster_definition: {}}, b: {}})).rejects.toMatchObject({code: "CLUSTER_LOCK_INVALID"});
  });

  it("leaves out a cluster that lists a sidecar unknown to its definition", async () => {
    const {logger} = aLogger();
    const {entry} = await open({a: one.lock, b: two.lock});
    const read = ({definition}: ClusterEntry): DefinitionReader => createFileReader(definition as string, "hoodi");
    const clusters = await openClusters([entry("a", {sidecars: sidecarsOf([5])}), entry("b")], {read, logger});
    expect(clusters.all.map(({id}) => id)).toEqual(["b"]);
  });

  it("knows an SSV cluster before its first validator is registered", async () => {
    const {entry} = await open({a: one.lock});
    const empty = {...one.definition, validators: new Map()};
    const reader = {isFinal: true, read: async () => empty, ready: async () => {}, stop: async () => {}};
    const clusters = await openClusters([entry("a")], {read: () => reader, logger: aLogger().logger});
    expect(clusters.byId("a")?.validators.size).toBe(0);
  });
});

/** Who had which validator first, as the relayer keeps it. */
function aStore(holders = new Map<string, string>()) {
  const store = {
    holders,
    isAway: false,
    claim: async (wanted: ReadonlyMap<string, string | undefined>): Promise<ReadonlyMap<string, string>> => {
      if (store.isAway) throw new DvtError("STORE_UNAVAILABLE", "read: no database");
      for (const [key, id] of wanted) if (id !== undefined && !holders.has(key)) holders.set(key, id);
      return new Map([...holders].filter(([key]) => wanted.has(key)));
    },
  };
  return store;
}

describe("placeBy", () => {
  const forged = forgeLock([...two.definition.validators.values()][0] as Validator);
  const [victim = "", other = ""] = keysOf(two);
  const ownersOf = ({clusters}: {clusters: {byPublicKey(key: string): {cluster: {id: string}} | undefined}}) =>
    [victim, other].map((key) => clusters.byPublicKey(key)?.cluster.id);

  it.each([
    {id: "first", locks: {evil: forged, b: two.lock}},
    {id: "last", locks: {b: two.lock, evil: forged}},
  ])(
    "leaves a forged lock that is listed $id what is its own, after a restart too, and the other cluster all",
    async ({locks}) => {
      const {holders, claim} = aStore();
      const before = await open({b: two.lock});
      await before.clusters.placeBy(claim);
      for (const _ of ["a start", "another"]) {
        const role = await open(locks);
        expect(ownersOf(role)).toEqual([undefined, "b"]);
        await role.clusters.placeBy(claim);
        expect(ownersOf(role)).toEqual(["b", "b"]);
        expect(role.refusals()).toEqual(["evil VALIDATOR_IN_TWO_CLUSTERS"]);
      }
      expect([...holders.values()]).toEqual(["b", "b"]);
    },
  );

  it("gives a validator that two name at once to nobody, and keeps no word of it", async () => {
    const {holders, claim} = aStore();
    const role = await open({evil: forged, b: two.lock});
    await role.clusters.placeBy(claim);
    expect(ownersOf(role)).toEqual([undefined, "b"]);
    expect(role.refusals()).toEqual(["evil VALIDATOR_IN_TWO_CLUSTERS", "b VALIDATOR_IN_TWO_CLUSTERS"]);
    expect([...holders]).toEqual([[other, "b"]]);
  });

  it("rejects where nobody can say who had what", async () => {
    const held = aStore();
    held.isAway = true;
    const {clusters} = await open({b: two.lock});
    await expect(clusters.placeBy(held.claim)).rejects.toMatchObject({code: "STORE_UNAVAILABLE"});
  });
});

describe("update", () => {
  it("takes a new cluster, a new validator, and who may ask; and lets go of what is not listed any more", async () => {
    const {clusters, write, entry, update} = await open({a: one.lock});
    write("b", two.lock);
    write("a", joined(one, three));
    await update([entry("a", {operatorIds: ["other"]}), entry("b")]);
    const owners = [one, two, three].map((it) => clusters.byPublicKey(keysOf(it)[1] as string)?.cluster.id);
    expect(owners).toEqual(["a", "b", "a"]);
    expect(clusters.byId("a")?.operatorIds).toEqual(["other"]);
    await update([entry("b")]);
    expect(clusters.all.map(({id}) => id)).toEqual(["b"]);
    expect(clusters.byPublicKey(keysOf(one)[0] as string)).toBeUndefined();
  });

  it("keeps what is looked up meanwhile whole", async () => {
    const {clusters, write, update} = await open({a: one.lock});
    const before = clusters.byPublicKey(keysOf(one)[0] as string);
    write("a", splitAnew(one));
    await update();
    const after = clusters.byPublicKey(keysOf(one)[0] as string);
    expect(after?.cluster.validators.get(keysOf(one)[0] as string)).toBe(after?.validator);
    expect(before?.cluster.validators.get(keysOf(one)[0] as string)).toBe(before?.validator);
    expect(after?.validator).not.toBe(before?.validator);
  });

  it("keeps the previous definition while the new one is invalid, logs it once, and applies it once it is repaired", async () => {
    const {clusters, write, entry, refusals, update} = await open({a: one.lock, b: two.lock});
    const [before] = clusters.all;
    write("a", "{]");
    write("b", joined(two, three));
    await update();
    await update();
    expect(clusters.byId("a")?.validators).toBe(before?.validators);
    expect(clusters.byId("b")?.validators.size).toBe(4);
    await update([entry("a", {operatorIds: ["other"]}), entry("b")]);
    expect(clusters.byId("a")?.operatorIds).toEqual(["other"]);
    expect(refusals()).toEqual(["a CLUSTER_DEFINITION_UNKNOWN"]);
    write("a", "{{");
    await update();
    expect(refusals()).toHaveLength(2);
    write("a", without(one));
    await update();
    expect(clusters.byId("a")?.validators.size).toBe(1);
  });

  it.each([
    {id: "has other shares", lock: splitAnew(one)},
    {id: "has another threshold", lock: splitAnew(one, 2)},
    {id: "is gone", lock: without(one)},
  ])("refuses a definition in which a validator whose exit is open $id", async ({lock}) => {
    const held = [keysOf(one)[0] as string];
    const {clusters, write, refusals, update, logged} = await open({a: one.lock, b: two.lock}, held);
    const before = clusters.byId("a");
    write("a", lock);
    await update();
    await update();
    expect(clusters.byId("a")?.validators).toBe(before?.validators);
    expect(refusals()).toEqual(["a CLUSTER_CHANGED"]);
    expect(JSON.stringify(logged)).toContain(held[0]);
  });

  it("takes such a definition when no exit of a validator that it changes is open, and when the last is not any more", async () => {
    const held = [keysOf(one)[0] as string];
    const {clusters, write, refusals, update} = await open({a: joined(one, two)}, held);
    write("a", joined(one, three));
    await update();
    expect(clusters.byPublicKey(keysOf(three)[0] as string)?.cluster.id).toBe("a");
    write("a", splitAnew(one));
    await update();
    expect(clusters.byPublicKey(keysOf(three)[0] as string)?.cluster.id).toBe("a");
    held.pop();
    await update();
    expect(clusters.byPublicKey(keysOf(three)[0] as string)).toBeUndefined();
    expect(refusals()).toEqual(["a CLUSTER_CHANGED"]);
  });

  it("applies a final definition, whatever exits are open", async () => {
    const {logger} = aLogger();
    const {entry} = await open({a: one.lock});
    let definition = one.definition;
    const reader = {isFinal: true, read: async () => definition, ready: async () => {}, stop: async () => {}};
    const clusters = await openClusters([entry("a")], {read: () => reader, logger});
    definition = two.definition;
    await clusters.update([entry("a")], async ({removed}) => removed);
    expect([...(clusters.byId("a")?.validators.keys() ?? [])]).toEqual(keysOf(two));
  });

  it("does not ask whose exits are open where nothing is changed that was known", async () => {
    const {clusters, write, entry} = await open({a: one.lock});
    write("a", joined(one, two));
    await clusters.update([entry("a")], () => Promise.reject(new Error("asked")));
    expect(clusters.byId("a")?.validators.size).toBe(4);
  });

  it("keeps the one before while it cannot be known whose exits are open", async () => {
    const {clusters, write, entry, update} = await open({a: one.lock});
    write("a", without(one));
    const away = new DvtError("STORE_UNAVAILABLE", "read: no database");
    await clusters.update([entry("a")], () => Promise.reject(away));
    expect(clusters.byId("a")?.validators.size).toBe(2);
    await update();
    expect(clusters.byId("a")?.validators.size).toBe(1);
  });

  it("leaves a validator out of a second cluster, and takes what else that has, until it is said whose it is", async () => {
    const {clusters, write, refusals, update} = await open({a: one.lock, b: two.lock});
    const held = aStore();
    await clusters.placeBy(held.claim);
    write("a", joined(one, two, three));
    await update();
    const before = clusters.byId("a")?.validators;
    await update();
    expect(clusters.byId("a")?.validators).toBe(before);
    expect([...(before?.keys() ?? [])]).toEqual([...keysOf(one), ...keysOf(three)]);
    expect([...(clusters.byId("b")?.validators.keys() ?? [])]).toEqual(keysOf(two));
    expect(refusals()).toEqual(["a VALIDATOR_IN_TWO_CLUSTERS"]);
    for (const key of keysOf(two)) held.holders.set(key, "a");
    await update();
    expect(clusters.all.map(({validators}) => validators.size)).toEqual([6, 0]);
    expect(refusals()).toEqual(["a VALIDATOR_IN_TWO_CLUSTERS", "b VALIDATOR_IN_TWO_CLUSTERS"]);
  });

  it("keeps what is in force while nobody can say who had a validator first, and takes the rest later", async () => {
    const {clusters, write, update, logged} = await open({a: one.lock, b: two.lock});
    const held = aStore();
    await clusters.placeBy(held.claim);
    held.isAway = true;
    write("a", joined(one, three));
    await update();
    await update();
    expect(clusters.all.map(({validators}) => validators.size)).toEqual([2, 2]);
    expect(logged.filter(({level}) => level === 40)).toMatchObject([{cluster_id: "a", code: "STORE_UNAVAILABLE"}]);
    held.isAway = false;
    await update();
    expect(clusters.all.map(({validators}) => validators.size)).toEqual([4, 2]);
  });

  it("follows an entry that names another file, and stops following the first", async () => {
    const {logger} = aLogger();
    const {entry} = await open({a: one.lock});
    const stopped: unknown[] = [];
    const read = (from: ClusterEntry): DefinitionReader => ({
      isFinal: false,
      ready: async () => {},
      read: async () => (from.definition === "first" ? one.definition : two.definition),
      stop: async () => void stopped.push(from.definition),
    });
    const clusters = await openClusters([entry("a", {definition: "first"})], {read, logger});
    await clusters.update([entry("a", {definition: "second"})], async () => []);
    expect([...(clusters.byId("a")?.validators.keys() ?? [])]).toEqual(keysOf(two));
    await clusters.stop();
    expect(stopped).toEqual(["first", "second"]);
  });
});
