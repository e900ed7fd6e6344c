import {type CommandStartedEvent, MongoClient} from "mongodb";
import {expect, onTestFinished} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {exitKeyOf} from "../../src/exits/exitId.js";
import {createDeposits, type Deposits} from "../../src/store/deposits.js";
import {createExits, type Exits} from "../../src/store/exits.js";
import {createExitViews, type ExitViews} from "../../src/store/exitViews.js";
import {createOrders, type Orders} from "../../src/store/orders.js";
import {createRequests, type Requests} from "../../src/store/requests.js";
import {createRequestViews, type RequestViews} from "../../src/store/requestViews.js";
import {createReservations, type Reservations} from "../../src/store/reservations.js";
import {createTestDatabase, silent} from "./servers.js";

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
/** The first page of a list, and a later one. */
const pages = [{limit: 1}, {limit: 1, after: {at: 1, id: `hoodi:${publicKey}`}}];
const refusal = {code: "KEY_NOT_ALLOWED", reason: "a reason", requested_at: 1};

/** Every function of a part of the store, called once. */
export type Calls<S> = {[name in keyof S]-?: (store: S) => Promise<unknown> | AsyncIterable<unknown>};

/** Each once; what is conditional finds what it needs, because they run in this order. */
export const requestsCalls: Calls<Requests> = {
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
export const ordersCalls: Calls<Orders> = {
  createIndexes: (it) => it.createIndexes(),
  add: async (it) => {
    const signature = `${"A".repeat(86)}==`;
    await it.add([{network: "hoodi", operatorId: "op-1", requestedAt: 1, digests: [set], publicKeys: [publicKey], signature}]);
  },
  find: (it) => it.find([orderId]),
  dropBefore: (it) => it.dropBefore(1),
};
export const exitsCalls: Calls<Exits> = {
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
export const depositsCalls: Calls<Deposits> = {
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
export const reservationsCalls: Calls<Reservations> = {
  findAll: (it) => it.findAll([publicKey]),
  reserve: (it) => it.reserve([{publicKey, validatorIndex: 1, deposit}]),
};

export const requestViewsCalls: Calls<RequestViews> = {
  findOpen: async (it) => {
    for (const page of pages) await it.findOpen([clusterId], page);
  },
  findExpired: async (it) => {
    for (const page of pages) await it.findExpired([clusterId], page);
  },
  findSuperseded: async (it) => {
    for (const page of pages) await it.findSuperseded([clusterId], page);
  },
  findByPrefix: async (it) => {
    await it.findByPrefix("0xab", {limit: 1});
    await it.findByPrefix("0xab", {limit: 1, clusterIds: [clusterId], after: publicKey});
  },
  countOpen: (it) => it.countOpen([clusterId]),
};
export const exitViewsCalls: Calls<ExitViews> = {
  findCompleted: async (it) => {
    for (const page of pages) await it.findCompleted([clusterId], set, page);
    await it.findCompleted([clusterId], set, {limit: 1, since: 1});
  },
  countCompleted: (it) => it.countCompleted([clusterId], 1),
  countOwed: (it) => it.countOwed(),
  findAll: (it) => it.findAll([exit], set),
  findOfKey: (it) => it.findOfKey(publicKey, set, 1),
};

/** Calls every function of the store on a new database: what each sent to it, by `requests.claim` and the like. */
export async function callWholeStore() {
  const {url} = await createTestDatabase();
  const client = await MongoClient.connect(url, {monitorCommands: true});
  onTestFinished(() => client.close());
  const db = client.db();
  let started: CommandStartedEvent[] = [];
  client.on("commandStarted", (event) => started.push(event));

  const commands = new Map<string, CommandStartedEvent[]>();
  const callAll = async <S extends object>(collection: string, store: S, calls: Calls<S>, of = collection): Promise<void> => {
    for (const name of Object.keys(calls) as (keyof S & string)[]) {
      started = [];
      const answer = calls[name](store);
      if (Symbol.asyncIterator in answer) for await (const _ of answer);
      else await answer;
      expect(started, `${collection}.${name}`).not.toEqual([]);
      expect(new Set(started.map(({command, commandName}) => command[commandName]))).toEqual(new Set([collection]));
      commands.set(`${of}.${name}`, started);
    }
  };
  const reading = {logger: silent, mayAsk: () => true};
  await callAll("requests", createRequests(db, reading), requestsCalls);
  await callAll("orders", createOrders(db, network, silent), ordersCalls);
  await callAll("exits", createExits(db, network, silent), exitsCalls);
  await callAll("deposits", createDeposits(db, network, silent), depositsCalls);
  await callAll("reservations", createReservations(db, network, silent), reservationsCalls);
  await callAll("requests", createRequestViews(db, network, reading), requestViewsCalls, "requestViews");
  await callAll("exits", createExitViews(db, network, silent), exitViewsCalls, "exitViews");
  client.removeAllListeners("commandStarted");
  return {db, commands};
}
