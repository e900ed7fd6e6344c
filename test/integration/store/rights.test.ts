import {type CommandStartedEvent, MongoClient} from "mongodb";
import {expect, it, onTestFinished} from "vitest";
import type {Aggregator} from "../../../src/aggregator/aggregator.js";
import {networks} from "../../../src/consensus/networks.js";
import {exitKeyOf} from "../../../src/exits/exitId.js";
import type {Gateway} from "../../../src/gateway/gateway.js";
import type {Relayer} from "../../../src/relayer/relayer.js";
import {createDeposits, type Deposits} from "../../../src/store/deposits.js";
import {createExits, type Exits} from "../../../src/store/exits.js";
import {createExitViews, type ExitViews} from "../../../src/store/exitViews.js";
import {createOrders, type Orders} from "../../../src/store/orders.js";
import {createRequests, type Requests} from "../../../src/store/requests.js";
import {createRequestViews, type RequestViews} from "../../../src/store/requestViews.js";
import {createReservations, type Reservations} from "../../../src/store/reservations.js";
import {storeRights} from "../../../src/store/rights.js";
import {createTestDatabase, silent} from "../../support/servers.js";

const network = networks.hoodi;
const publicKey = `0x${"ab".repeat(48)}`;
const set = `0x${"cf".repeat(32)}`;
const exit = {network, publicKey, validatorIndex: 1};
const clusterId = "c1";
const vault = `0x${"11".repeat(20)}`;
const deposit = {vault, amount: 32_000_000_000, validator_type: "0x02" as const};
const orderId = `0x${"0d".repeat(32)}`;
const asked = {deposit, requestedAt: 1, requesters: new Map([["op-1", {requestedAt: 1, orderId}]]), isExpired: false};
const id = {network, publicKey, deposit};
const share = Uint8Array.of(1);
const refusal = {code: "KEY_NOT_ALLOWED", reason: "a reason", requested_at: 1};

type Calls<S> = {[name in keyof S]-?: (store: S) => Promise<unknown> | AsyncIterable<unknown>};

/** Each once; what is conditional finds what it needs, because they run in this order. */
const requestsCalls: Calls<Requests> = {
  createIndexes: (it) => it.createIndexes(),
  claim: async (it) => {
    const ask = {exit, clusterId, operatorId: "op-1", requestedAt: 1, orderId};
    await it.claim([ask], 1, 1);
    await it.claim([{...ask, operatorId: "op-2"}], 1, 1);
  },
  find: (it) => it.find(exit),
  findAll: (it) => it.findAll([exit]),
  findOpen: (it) => it.findOpen("hoodi", [publicKey]),
  findOpenOf: (it) => it.findOpenOf("hoodi", [publicKey]),
  findOpenWithDeposit: (it) => it.findOpenWithDeposit("hoodi"),
  findDue: (it) => it.findDue("hoodi", 10, 10),
  claimReissue: async (it) => it.claimReissue(exit, (await it.find(exit)) as never, {dueAt: 10}),
  makeDue: (it) => it.makeDue(exit),
  markAnswered: (it) => it.markAnswered(exit, set),
  addTaken: async (it) => it.addTaken([{exit, request: (await it.find(exit)) as never, operatorId: "op-1", at: 1}]),
  markDepositExpired: (it) => it.markDepositExpired(exit, set, asked),
  markExpired: (it) => it.markExpired(exit),
  reopen: (it) => it.reopen(exit, 1, 1),
  findStale: (it) => it.findStale("hoodi", set, 10),
  markAnsweredFor: (it) => it.markAnsweredFor(exit, set),
  markRegistered: (it) => it.markRegistered([exit]),
};
const ordersCalls: Calls<Orders> = {
  createIndexes: (it) => it.createIndexes(),
  add: async (it) => {
    const signature = `${"A".repeat(86)}==`;
    await it.add([{network: "hoodi", operatorId: "op-1", requestedAt: 1, digests: [set], publicKeys: [publicKey], signature}]);
  },
  find: (it) => it.find([orderId]),
  dropBefore: (it) => it.dropBefore(1),
};
const exitsCalls: Calls<Exits> = {
  createIndexes: (it) => it.createIndexes(),
  write: (it) => it.write([{exit, clusterId, shares: new Map([[1, share]])}], set, 1),
  addRefusal: async (it) => {
    await it.addRefusal({exit: {...exit, validatorIndex: 2}, clusterId, shareIndex: 1, refusal}, set);
  },
  find: (it) => it.find(exit, set),
  findAll: (it) => it.findAll([exit], set),
  findResults: (it) => it.findResults([exit], set),
  findComplete: (it) => it.findComplete([exit], set),
  findOtherSets: (it) => it.findOtherSets([exit], set),
  removeShare: (it) => it.removeShare(exit, 1, share),
  markPublished: (it) => it.markPublished([exit], set, 1),
  findUnpublished: (it) => it.findUnpublished(1, 10),
  findCollecting: (it) => it.findCollecting(10),
  dropShares: (it) => it.dropShares(exit),
  addLate: (it) => it.addLate([{exitKey: exitKeyOf(exit), shareIndex: 2, cameAt: 1}]),
};
const depositsCalls: Calls<Deposits> = {
  createIndexes: (it) => it.createIndexes(),
  write: (it) => it.write([{id, clusterId, shares: new Map([[1, share]])}], 1),
  findSignatures: (it) => it.findSignatures([id]),
  findAll: (it) => it.findAll([id]),
  removeShare: (it) => it.removeShare(id, 1, share),
  markPublished: (it) => it.markPublished([id]),
  findUnpublished: (it) => it.findUnpublished(1, 10),
  findCollecting: (it) => it.findCollecting(10),
  drop: (it) => it.drop([id]),
};
const reservationsCalls: Calls<Reservations> = {
  findAll: (it) => it.findAll([publicKey]),
  reserve: (it) => it.reserve([{publicKey, validatorIndex: 1, deposit}]),
};

const requestViewsCalls: Calls<RequestViews> = {
  findOpen: (it) => it.findOpen([clusterId], {limit: 1}),
  findExpired: (it) => it.findExpired([clusterId], {limit: 1}),
  findSuperseded: (it) => it.findSuperseded([clusterId], {limit: 1}),
  findByPrefix: (it) => it.findByPrefix("0xab", {limit: 1}),
  countOpen: (it) => it.countOpen([clusterId]),
};
const exitViewsCalls: Calls<ExitViews> = {
  findCompleted: (it) => it.findCompleted([clusterId], set, {limit: 1}),
  countCompleted: (it) => it.countCompleted([clusterId], 1),
  countOwed: (it) => it.countOwed(),
  findAll: (it) => it.findAll([exit], set),
  findOfKey: (it) => it.findOfKey(publicKey, set, 1),
};

/** What each role is given of each collection: the compiler sees to it that none is missing, and none is too many. */
type Given<S> = {readonly [name in keyof S]-?: true};
const all = <S extends object>(calls: Calls<S>): Given<S> =>
  Object.fromEntries(Object.keys(calls).map((name) => [name, true])) as Given<S>;
/** `findOpenIn` asks it for every role that follows cluster definitions. */
const followed = {findOpen: true} as const;
const given = {
  relayer: {
    requests: all(requestsCalls) satisfies Given<Relayer["requests"]>,
    orders: all(ordersCalls) satisfies Given<Relayer["orders"]>,
    exits: {findResults: true, findComplete: true, findOtherSets: true} satisfies Given<Relayer["exits"]>,
    deposits: {findSignatures: true} satisfies Given<Relayer["deposits"]>,
    reservations: {},
  },
  aggregator: {
    orders: {},
    requests: {find: true, findAll: true, ...followed} satisfies Given<Aggregator["requests"]> & typeof followed,
    exits: all(exitsCalls) satisfies Given<Aggregator["exits"]>,
    deposits: all(depositsCalls) satisfies Given<Aggregator["deposits"]>,
    reservations: {},
  },
  gateway: {
    requests: {findAll: true, findOpenWithDeposit: true, ...followed} satisfies Given<Gateway["requests"]> & typeof followed,
    orders: {find: true} satisfies Given<Pick<Orders, "find">>,
    exits: {findAll: true} satisfies Given<Gateway["exits"]>,
    deposits: {findAll: true} satisfies Given<Gateway["deposits"]>,
    reservations: all(reservationsCalls) satisfies Given<Gateway["reservations"]>,
  },
};

/** What a command needs on its collection: https://www.mongodb.com/docs/manual/reference/privilege-actions/ */
function actionsOf({commandName, command}: CommandStartedEvent): string[] {
  if (commandName === "createIndexes") return ["createIndex"];
  if (commandName === "delete") return ["remove"];
  if (commandName === "aggregate") return ["find"];
  if (commandName === "findAndModify") return ["find", "update", ...(command["upsert"] ? ["insert"] : [])];
  const isUpsert = (command["updates"] as {upsert?: boolean}[] | undefined)?.some(({upsert}) => upsert);
  return [commandName, ...(isUpsert ? ["insert"] : [])];
}

it("gives each role on MongoDB the rights that its part of the store needs, and no others", async () => {
  const {url} = await createTestDatabase();
  const client = await MongoClient.connect(url, {monitorCommands: true});
  onTestFinished(() => client.close());
  const db = client.db();
  let started: CommandStartedEvent[] = [];
  client.on("commandStarted", (event) => started.push(event));

  const needed = new Map<string, Set<string>>();
  const callAll = async <S extends object>(collection: string, store: S, calls: Calls<S>, of = collection): Promise<void> => {
    for (const name of Object.keys(calls) as (keyof S & string)[]) {
      started = [];
      const answer = calls[name](store);
      if (Symbol.asyncIterator in answer) for await (const _ of answer);
      else await answer;
      expect(started, `${collection}.${name}`).not.toEqual([]);
      expect(new Set(started.map(({command, commandName}) => command[commandName]))).toEqual(new Set([collection]));
      needed.set(`${of}.${name}`, new Set(started.flatMap(actionsOf)));
    }
  };
  await callAll("requests", createRequests(db, {logger: silent, mayAsk: () => true}), requestsCalls);
  await callAll("orders", createOrders(db, network, silent), ordersCalls);
  await callAll("exits", createExits(db, network, silent), exitsCalls);
  await callAll("deposits", createDeposits(db, network, silent), depositsCalls);
  await callAll("reservations", createReservations(db, network, silent), reservationsCalls);
  await callAll(
    "requests",
    createRequestViews(db, network, {logger: silent, mayAsk: () => true}),
    requestViewsCalls,
    "requestViews",
  );
  await callAll("exits", createExitViews(db, network, silent), exitViewsCalls, "exitViews");
  const ofViews = [...needed].filter(([name]) => /^\w+Views\./.test(name));
  for (const [name, actions] of ofViews) expect([...actions], name).toEqual(["find"]);

  for (const [role, stores] of Object.entries(given)) {
    for (const [collection, names] of Object.entries(stores)) {
      const actions = new Set(Object.keys(names).flatMap((name) => [...(needed.get(`${collection}.${name}`) ?? [])]));
      const granted = storeRights[role as keyof typeof storeRights][collection] ?? [];
      expect([...actions].sort(), `${role} on ${collection}`).toEqual([...granted]);
    }
  }
});

it("lets the relayer write no exits, and the aggregator no requests", () => {
  expect(storeRights.relayer["exits"]).toEqual(["find"]);
  expect(storeRights.aggregator["requests"]).toEqual(["find"]);
});
