import {describe, expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import type {ExitResult} from "../../../src/exits/completion.js";
import {exitKeyOf} from "../../../src/exits/exitId.js";
import {connectStore} from "../../../src/store/connect.js";
import {type Change, createExits} from "../../../src/store/exits.js";
import {pagesOf} from "../../support/found.js";
import {createTestDatabase, silent} from "../../support/servers.js";

const network = networks.hoodi;
const configHash = `0x${"cf".repeat(32)}`;
const clusterId = "c1";

const exitAt = (validatorIndex: number) => ({network, publicKey: `0x${"ab".repeat(48)}`, validatorIndex});
const keyAt = (validatorIndex: number): string => exitKeyOf(exitAt(validatorIndex));

/** To keep shares of these indexes, each a few bytes that say of which writer they are. */
const toKeep = (validatorIndex: number, shareIndexes: readonly number[], writer = 1): Change => ({
  exit: exitAt(validatorIndex),
  clusterId,
  shares: new Map(shareIndexes.map((shareIndex) => [shareIndex, Uint8Array.of(shareIndex, writer)])),
});

const resultOf = (writer: number): ExitResult => ({
  public_keys: [`0x${String(writer).padStart(96, "0")}`],
  encrypted_exit_signatures: [`0x${"cd".repeat(97 + 96)}`],
  aggregator_signature: `${"A".repeat(86)}==`,
});
const toComplete = (validatorIndex: number, writer = 1): Change => ({
  exit: exitAt(validatorIndex),
  clusterId,
  result: resultOf(writer),
});

async function createStore() {
  const {url, db} = await createTestDatabase();
  const stores = await Promise.all([connectStore(url, silent), connectStore(url, silent)]);
  for (const {close} of stores) onTestFinished(close);
  const [exits, others] = stores.map((store) => createExits(store.db, network, silent));
  if (!exits || !others) throw new Error("no store");
  await exits.createIndexes();
  const of = {
    write: (...changes: Change[]) => exits.write(changes, configHash, 1000),
    find: (validatorIndex: number) => exits.find(exitAt(validatorIndex), configHash),
    document: (validatorIndex: number) => db.collection<{_id: string}>("exits").findOne({_id: keyAt(validatorIndex)}),
  };
  return {exits, others, ...of};
}

const none = new Set<string>();

describe("shares", () => {
  it("are kept beside those that are there", async () => {
    const {write, find} = await createStore();
    expect(await write(toKeep(1, [1]), toKeep(2, [2, 3]))).toEqual(none);
    expect(await write(toKeep(1, [4, 2]))).toEqual(none);
    expect((await find(1))?.shares).toEqual(new Map([1, 2, 4].map((it) => [it, Uint8Array.of(it, 1)])));
    expect((await find(2))?.shares).toEqual(new Map([2, 3].map((it) => [it, Uint8Array.of(it, 1)])));
  });

  it("are none of them kept where the index of one is taken, and the others of the same call are", async () => {
    const {write, find} = await createStore();
    await write(toKeep(1, [1]), toKeep(3, [3]));
    expect(await write(toKeep(1, [1, 2], 2), toKeep(2, [2], 2), toKeep(3, [3], 2))).toEqual(new Set([keyAt(1), keyAt(3)]));
    expect((await find(1))?.shares).toEqual(new Map([[1, Uint8Array.of(1, 1)]]));
    expect((await find(2))?.shares).toEqual(new Map([[2, Uint8Array.of(2, 2)]]));
    expect((await find(3))?.shares).toEqual(new Map([[3, Uint8Array.of(3, 1)]]));
  });

  it("are not kept where a result stands", async () => {
    const {write, find, document} = await createStore();
    await write(toComplete(1));
    expect(await write(toKeep(1, [1]))).toEqual(new Set([keyAt(1)]));
    expect(await find(1)).toMatchObject({shares: new Map(), result: resultOf(1)});
    expect(await document(1)).not.toHaveProperty("collecting");
  });

  it("are all there when two write those of one exit at once, and the first stays where both have one", async () => {
    const {exits, others, find} = await createStore();
    for (let exit = 0; exit < 20; exit++) {
      const [left, right] = await Promise.all([
        exits.write([toKeep(exit, [1, 2], 1)], configHash, 1000),
        others.write([toKeep(exit, exit % 2 ? [3, 4] : [2, 3], 2)], configHash, 1000),
      ]);
      const shares = [...((await find(exit))?.shares ?? [])].map(([, bytes]) => bytes[1]);
      // Another index each, or one index for both. A write may come too late once though its place is free: then it comes again.
      if (exit % 2 === 0) expect(left.size + right.size).toBe(1);
      expect(shares.filter((writer) => writer === 1)).toHaveLength(left.size === 0 ? 2 : 0);
      expect(shares.filter((writer) => writer === 2)).toHaveLength(right.size === 0 ? 2 : 0);
      expect(shares.length).toBeGreaterThan(0);
    }
  });

  it("take the place of their sidecar's refusal, and of no other", async () => {
    const {exits, write, find} = await createStore();
    for (const shareIndex of [1, 2]) {
      const refusal = {code: "POLICY", reason: "no", requested_at: 1};
      await exits.addRefusal({exit: exitAt(1), clusterId, shareIndex, refusal}, configHash);
    }
    await write(toKeep(1, [2, 3]));
    const collected = await find(1);
    expect([...(collected?.shares.keys() ?? [])]).toEqual([2, 3]);
    expect([...(collected?.refusals.keys() ?? [])]).toEqual([1]);
  });
});

describe("a result", () => {
  it("takes the place of shares and refusals, and is owed until it is known to be published", async () => {
    const {exits, write, find, document} = await createStore();
    const refusal = {code: "POLICY", reason: "no", requested_at: 1};
    await exits.addRefusal({exit: exitAt(1), clusterId, shareIndex: 4, refusal}, configHash);
    await write(toKeep(1, [1, 2]));
    expect(await write(toComplete(1))).toEqual(none);
    expect(await find(1)).toEqual({shares: new Map(), refusals: new Map(), result: resultOf(1), published: false});
    for (const field of ["shares", "refusals", "collecting"]) expect(await document(1)).not.toHaveProperty(field);
    expect(await pagesOf(exits.findUnpublished(1000, 10))).toMatchObject([[{exit: exitAt(1)}]]);
    await exits.markPublished([exitAt(1)], configHash, 2000);
    expect(await find(1)).toMatchObject({result: resultOf(1), published: true});
    expect(await pagesOf(exits.findUnpublished(1000, 10))).toEqual([]);
  });

  it("is the whole document where nothing was kept before", async () => {
    const {write, document} = await createStore();
    await write(toComplete(1));
    expect(await document(1)).toEqual({
      _id: keyAt(1),
      network: "hoodi",
      public_key: exitAt(1).publicKey,
      validator_index: 1,
      cluster_id: clusterId,
      results: {[configHash]: resultOf(1)},
      unpublished: {oracles_config_hash: configHash, since: 1000},
      completed_at: 1000,
    });
  });

  it("is written once: of two at once the first stands, and the other is told", async () => {
    const {exits, others, find} = await createStore();
    const all = Array.from({length: 20}, (_, exit) => exit);
    const writeAll = (store: typeof exits, writer: number) =>
      store.write(
        all.map((exit) => toComplete(exit, writer)),
        configHash,
        1000,
      );
    const [left, right] = await Promise.all([writeAll(exits, 1), writeAll(others, 2)]);
    for (const exit of all) {
      const [isFirst, isSecond] = [left, right].map((tooLate) => !tooLate.has(keyAt(exit)));
      expect([isFirst, isSecond].filter(Boolean)).toHaveLength(1);
      expect((await find(exit))?.result).toEqual(resultOf(isFirst ? 1 : 2));
    }
    // Nor is it written again later.
    expect((await writeAll(exits, 3)).size).toBe(20);
  });

  it("for one oracle set leaves that for another as it is", async () => {
    const {exits, write} = await createStore();
    const otherHash = `0x${"ee".repeat(32)}`;
    await write(toComplete(1, 1));
    expect(await exits.write([toComplete(1, 2)], otherHash, 1000)).toEqual(none);
    expect((await exits.find(exitAt(1), configHash))?.result).toEqual(resultOf(1));
    expect((await exits.find(exitAt(1), otherHash))?.result).toEqual(resultOf(2));
  });

  it("and shares at once: whatever is first, the result stands and no share is left beside it", async () => {
    const {exits, others, find} = await createStore();
    for (let exit = 0; exit < 20; exit++) {
      const [tooLate] = await Promise.all([
        exits.write([toComplete(exit)], configHash, 1000),
        others.write([toKeep(exit, [1])], configHash, 1000),
      ]);
      // The shares' document may come between its two steps: then it looks again, and writes again.
      if (tooLate.size > 0) expect(await exits.write([toComplete(exit)], configHash, 1000)).toEqual(none);
      expect(await find(exit)).toMatchObject({result: resultOf(1), shares: new Map()});
    }
  });
});

it("finds where many stand at once, and nothing of those of which nothing was kept", async () => {
  const {exits, write} = await createStore();
  await write(toKeep(1, [1]), toComplete(2));
  const found = await exits.findAll([1, 2, 3].map(exitAt), configHash);
  expect([...found.keys()].sort()).toEqual([keyAt(1), keyAt(2)]);
  expect(found.get(keyAt(1))).toMatchObject({result: undefined, published: true});
  expect(found.get(keyAt(2))).toMatchObject({result: resultOf(1), published: false});
  expect(await exits.findAll([], configHash)).toEqual(new Map());
});

describe("an exit's past", () => {
  const shareAt = (shareIndex: number, cameAt: number): Change => ({
    ...toKeep(1, [shareIndex]),
    came: new Map([[shareIndex, cameAt]]),
  });

  it("has when each share came, those of the result's own batch too", async () => {
    const {write, document} = await createStore();
    await write(shareAt(1, 100));
    await write(shareAt(2, 200));
    await write({...toComplete(1), came: new Map([[4, 400]])});
    expect(await document(1)).toMatchObject({came: {1: 100, 2: 200, 4: 400}, completed_at: 1000});
  });

  it("forgets when a share came that was dropped because somebody changed it", async () => {
    const {exits, write, document} = await createStore();
    await write(shareAt(1, 100));
    await exits.removeShare(exitAt(1), 1, Uint8Array.of(1, 1));
    expect(await document(1)).toMatchObject({came: {}, shares: {}});
  });

  it("takes the time of a late share once, and makes no document of it", async () => {
    const {exits, write, document} = await createStore();
    await write({...toComplete(1), came: new Map([[1, 100]])});
    await exits.addLate([1, 2].map((shareIndex) => ({exitKey: keyAt(1), shareIndex, cameAt: 500})));
    await exits.addLate([{exitKey: keyAt(1), shareIndex: 2, cameAt: 600}]);
    await exits.addLate([{exitKey: keyAt(2), shareIndex: 2, cameAt: 600}]);
    await exits.addLate([]);
    expect(await document(1)).toMatchObject({came: {1: 100, 2: 500}});
    expect(await document(2)).toBeNull();
  });

  it("has the refusals that stood at the end, which count no more, and since when", async () => {
    const {exits, write, find, document} = await createStore();
    const refuse = (requested_at: number, at: number) =>
      exits.addRefusal(
        {exit: exitAt(1), clusterId, shareIndex: 3, refusal: {code: "POLICY", reason: "no", requested_at, at}},
        configHash,
      );
    await refuse(1, 100);
    await refuse(1, 200);
    await refuse(2, 300);
    expect((await find(1))?.refusals.get(3)).toEqual({code: "POLICY", reason: "no", requested_at: 2, at: 100});
    await write(toComplete(1));
    expect(await document(1)).toMatchObject({refused: {3: {code: "POLICY", requested_at: 2, at: 100}}});
    expect((await find(1))?.refusals.size).toBe(0);
    await exits.write([toComplete(1)], `0x${"ee".repeat(32)}`, 2000);
    expect(await document(1)).toMatchObject({refused: {3: {at: 100}}, completed_at: 2000});
  });

  it("has when its completions were published, which is open again with the next result", async () => {
    const {exits, write, document} = await createStore();
    await write(toComplete(1));
    await exits.markPublished([exitAt(1)], configHash, 1500);
    await exits.markPublished([exitAt(1)], configHash, 1600);
    expect(await document(1)).toMatchObject({completed_at: 1000, published_at: 1500});
    await exits.write([toComplete(1)], `0x${"ee".repeat(32)}`, 2000);
    expect(await document(1)).not.toHaveProperty("published_at");
  });

  it("keeps the refusals of an exit whose shares are dropped", async () => {
    const {exits, write, document} = await createStore();
    await write(shareAt(1, 100));
    const refusal = {code: "POLICY", reason: "no", requested_at: 1, at: 100};
    await exits.addRefusal({exit: exitAt(1), clusterId, shareIndex: 2, refusal}, configHash);
    await exits.dropShares(exitAt(1));
    expect(await document(1)).toMatchObject({refusals: {2: refusal}, came: {1: 100}});
    expect(await document(1)).not.toHaveProperty("shares");
  });
});
