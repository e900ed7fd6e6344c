import {expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {exitKeyOf} from "../../../src/exits/exitId.js";
import {connectStore} from "../../../src/store/connect.js";
import {createExits} from "../../../src/store/exits.js";
import {createExitViews, type ExitView} from "../../../src/store/exitViews.js";
import type {Cursor, Page} from "../../../src/store/readPage.js";
import {createRequests} from "../../../src/store/requests.js";
import {createRequestViews} from "../../../src/store/requestViews.js";
import {createTestDatabase, silent} from "../../support/servers.js";

const network = networks.hoodi;
const set = `0x${"cf".repeat(32)}`;
const otherSet = `0x${"ee".repeat(32)}`;
const orderId = `0x${"0d".repeat(32)}`;
const keyOf = (of: number): string => `0x${of.toString(16).padStart(2, "0").repeat(48)}`;
const exitAt = (of: number, validatorIndex = of) => ({network, publicKey: keyOf(of), validatorIndex});

const aResult = {
  public_keys: [`0x${"01".repeat(48)}`],
  encrypted_exit_signatures: [`0x${"cd".repeat(97 + 96)}`],
  aggregator_signature: `${"A".repeat(86)}==`,
};

async function createStore() {
  const {url, db} = await createTestDatabase();
  const store = await connectStore(url, silent);
  onTestFinished(store.close);
  const options = {logger: silent, mayAsk: () => true};
  const requests = createRequests(store.db, options);
  const exits = createExits(store.db, network, silent);
  await requests.createIndexes();
  await exits.createIndexes();
  type Claiming = {requestedAt?: number; validatorIndex?: number; clusterId?: string; now?: number};
  const claim = (of: number, {requestedAt = 1000, validatorIndex = of, clusterId = "c1", now = requestedAt}: Claiming = {}) =>
    requests.claim([{exit: exitAt(of, validatorIndex), clusterId, operatorId: "op-1", requestedAt, orderId}], now, 60_000);
  const complete = (of: number, {now = 1000, clusterId = "c1", hash = set} = {}) =>
    exits.write([{exit: exitAt(of), clusterId, result: aResult, came: new Map([[2, now - 10]])}], hash, now);
  return {
    db,
    requests,
    exits,
    claim,
    complete,
    requestViews: createRequestViews(store.db, network, options),
    exitViews: createExitViews(store.db, network, silent),
  };
}

/** Every item of a list, read in pages of this size. */
async function readAll<T>(readNext: (page: {limit: number; after: Cursor | undefined}) => Promise<Page<T>>, limit: number) {
  const items: T[] = [];
  for (let after: Cursor | undefined, more = true; more; ) {
    const page = await readNext({limit, after});
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    after = page.next;
    more = page.next !== undefined;
  }
  return items;
}

const keysOf = (items: readonly {publicKey: string}[]): string[] => items.map(({publicKey}) => publicKey);

it.each([1, 2, 3, 100])("lists open requests of clusters, the oldest first, in pages of %i", async (limit) => {
  const {requests, claim, requestViews} = await createStore();
  // Several of one time, as those of one batch are.
  for (const [of, requestedAt] of [
    [5, 3000],
    [1, 1000],
    [3, 2000],
    [2, 2000],
    [4, 2000],
  ] as const)
    await claim(of, {requestedAt});
  await claim(6, {clusterId: "c2", requestedAt: 2500});
  await claim(7, {clusterId: "c3"});
  await claim(8);
  await requests.markExpired(exitAt(8));
  const open = await readAll((page) => requestViews.findOpen(["c1", "c2"], page), limit);
  expect(keysOf(open)).toEqual([1, 2, 3, 4, 6, 5].map(keyOf));
  expect(await requestViews.countOpen(["c1", "c2", "c9"])).toEqual(
    new Map([
      ["c1", {count: 5, oldest: 1000}],
      ["c2", {count: 1, oldest: 2500}],
    ]),
  );
});

it.each([1, 2, 100])("lists expired requests, those opened last first, in pages of %i", async (limit) => {
  const {requests, claim, requestViews} = await createStore();
  for (const of of [1, 2, 3]) {
    await claim(of, {requestedAt: 1000 * of});
    await requests.markExpired(exitAt(of));
  }
  await claim(4);
  expect(keysOf(await readAll((page) => requestViews.findExpired(["c1"], page), limit))).toEqual([3, 2, 1].map(keyOf));
  expect(await requestViews.findExpired(["c2"], {limit})).toEqual({items: [], next: undefined});
});

it.each([1, 2, 100])("lists superseded exits, the latest first, in pages of %i", async (limit) => {
  const {claim, requestViews} = await createStore();
  for (const of of [1, 2, 3]) {
    await claim(of);
    await claim(of, {requestedAt: 1000 + of, now: 2000 + of, validatorIndex: of + 100});
  }
  await claim(4);
  const superseded = await readAll((page) => requestViews.findSuperseded(["c1"], page), limit);
  expect(superseded).toEqual(
    [3, 2, 1].map((of) => ({
      publicKey: keyOf(of),
      clusterId: "c1",
      validatorIndex: of,
      by: of + 100,
      openedAt: 1000,
      supersededAt: 2000 + of,
    })),
  );
});

it("finds requests by the beginning of their keys, of some clusters only if asked to", async () => {
  const {claim, requestViews} = await createStore();
  for (const of of [0x1a, 0x1b, 0x1f, 0x2a]) await claim(of);
  await claim(0x1c, {clusterId: "c2"});
  const find = async (prefix: string, options: Partial<Parameters<typeof requestViews.findByPrefix>[1]> = {}) =>
    keysOf(await requestViews.findByPrefix(prefix, {limit: 10, ...options}));
  expect(await find("0x1")).toEqual([0x1a, 0x1b, 0x1c, 0x1f].map(keyOf));
  expect(await find("0x1", {clusterIds: ["c1"]})).toEqual([0x1a, 0x1b, 0x1f].map(keyOf));
  expect(await find("0x1", {limit: 2})).toEqual([0x1a, 0x1b].map(keyOf));
  expect(await find("0x1", {after: keyOf(0x1b)})).toEqual([0x1c, 0x1f].map(keyOf));
  expect(await find(keyOf(0x2a))).toEqual([keyOf(0x2a)]);
  expect(await find("0x3")).toEqual([]);
});

it.each([1, 2, 100])("lists complete exits, the latest first, in pages of %i", async (limit) => {
  const {complete, exitViews, exits} = await createStore();
  for (const [of, now] of [
    [1, 1000],
    [2, 3000],
    [3, 2000],
    [4, 2000],
  ] as const)
    await complete(of, {now});
  await complete(5, {clusterId: "c2", now: 2500});
  await complete(6, {clusterId: "c3"});
  await exits.write([{exit: exitAt(7), clusterId: "c1", shares: new Map([[1, Uint8Array.of(1)]])}], set, 1000);
  const completed = await readAll((page) => exitViews.findCompleted(["c1", "c2"], set, page), limit);
  expect(keysOf(completed)).toEqual([2, 5, 4, 3, 1].map(keyOf));
  const since2000 = await readAll((page) => exitViews.findCompleted(["c1", "c2"], set, {...page, since: 2000}), limit);
  expect(keysOf(since2000)).toEqual([2, 5, 4, 3].map(keyOf));
  expect(completed[0]).toEqual({
    publicKey: keyOf(2),
    validatorIndex: 2,
    clusterId: "c1",
    came: new Map([[2, 2990]]),
    refusals: new Map(),
    hasResult: true,
    completedAt: 3000,
    publishedAt: undefined,
  });
  expect(await exitViews.countCompleted(["c1", "c2", "c9"], 2000)).toEqual(
    new Map([
      ["c1", {count: 3, oldest: 2000}],
      ["c2", {count: 1, oldest: 2500}],
    ]),
  );
});

it("counts the results that are owed, and knows since when", async () => {
  const {complete, exits, exitViews} = await createStore();
  expect(await exitViews.countOwed()).toEqual({count: 0, oldest: undefined});
  for (const of of [1, 2, 3]) await complete(of, {now: 1000 * of});
  await exits.markPublished([exitAt(1)], set, 5000);
  expect(await exitViews.countOwed()).toEqual({count: 2, oldest: 2000});
});

it("shows what was collected of exits, by exit and by key, without what is secret or long", async () => {
  const {complete, exits, exitViews} = await createStore();
  const refusal = {code: "POLICY", reason: "no", requested_at: 1, at: 50};
  await exits.addRefusal({exit: exitAt(1), clusterId: "c1", shareIndex: 4, refusal}, set);
  await complete(1);
  await exits.markPublished([exitAt(1)], set, 1500);
  const shares = new Map([[3, Uint8Array.of(1)]]);
  await exits.write([{exit: exitAt(1, 2), clusterId: "c1", shares, came: new Map([[3, 70]])}], set, 1000);
  const [first, second] = [exitAt(1), exitAt(1, 2)];
  const complete1 = {
    publicKey: keyOf(1),
    validatorIndex: 1,
    clusterId: "c1",
    came: new Map([[2, 990]]),
    refusals: new Map([[4, refusal]]),
    hasResult: true,
    completedAt: 1000,
    publishedAt: 1500,
  };
  const collecting = {...complete1, validatorIndex: 2, came: new Map([[3, 70]]), refusals: new Map(), hasResult: false};
  const open = {...collecting, completedAt: undefined, publishedAt: undefined};
  expect(await exitViews.findAll([first, second, exitAt(9)], set)).toEqual(
    new Map([
      [exitKeyOf(first), complete1 as ExitView],
      [exitKeyOf(second), open as ExitView],
    ]),
  );
  expect(await exitViews.findAll([first], otherSet)).toEqual(new Map([[exitKeyOf(first), {...complete1, hasResult: false}]]));
  expect(await exitViews.findOfKey(keyOf(1), set, 10)).toEqual([complete1, open]);
  expect(await exitViews.findOfKey(keyOf(1), set, 1)).toEqual([complete1]);
  expect(await exitViews.findAll([], set)).toEqual(new Map());
});

it("reads documents from before these fields", async () => {
  const {db, claim, complete, requestViews, exitViews} = await createStore();
  await claim(1);
  await complete(1);
  await db.collection("requests").updateMany({}, {$unset: {issued_at: ""}});
  await db.collection("exits").updateMany({}, {$unset: {came: "", completed_at: ""}});
  const {items} = await requestViews.findOpen(["c1"], {limit: 10});
  expect(items).toMatchObject([{issuedAt: undefined, reissuedAt: undefined, taken: new Map(), previous: []}]);
  expect((await exitViews.findAll([exitAt(1)], set)).get(exitKeyOf(exitAt(1)))).toMatchObject({came: new Map(), hasResult: true});
  expect((await exitViews.findCompleted(["c1"], set, {limit: 10})).items).toEqual([]);
});
