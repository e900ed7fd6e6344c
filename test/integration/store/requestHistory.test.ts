import {expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {validatorKeyOf} from "../../../src/exits/exitId.js";
import {connectStore} from "../../../src/store/connect.js";
import type {StoredRequest} from "../../../src/store/requestDocument.js";
import {createRequests} from "../../../src/store/requests.js";
import {createTestDatabase, silent} from "../../support/servers.js";

const network = networks.hoodi;
const publicKey = `0x${"ab".repeat(48)}`;
const set = `0x${"cf".repeat(32)}`;
const orderId = `0x${"0d".repeat(32)}`;
const exitAt = (validatorIndex: number) => ({network, publicKey, validatorIndex});

async function createStore() {
  const {url, db} = await createTestDatabase();
  const store = await connectStore(url, silent);
  onTestFinished(store.close);
  const requests = createRequests(store.db, {logger: silent, mayAsk: () => true});
  const claim = (validatorIndex: number, requestedAt: number, now = requestedAt) =>
    requests.claim([{exit: exitAt(validatorIndex), clusterId: "c1", operatorId: "op-1", requestedAt, orderId}], now, 600);
  return {
    requests,
    claim,
    take: () => db.collection("requests").updateMany({}, {$set: {taken: {"op-1": 5000}}}),
    find: async () => (await requests.find(exitAt(1))) as StoredRequest,
    document: () => db.collection<{_id: string}>("requests").findOne({_id: validatorKeyOf(exitAt(1))}),
  };
}

it("has when sidecars were asked first and last", async () => {
  const {requests, claim, find} = await createStore();
  await claim(1, 1000, 1500);
  expect(await find()).toMatchObject({openedAt: 1000, issuedAt: 1500, reissuedAt: undefined});
  await requests.claimReissue(exitAt(1), await find(), {dueAt: 4000, reissuedAt: 2200});
  expect(await find()).toMatchObject({issuedAt: 1500, reissuedAt: 2200, issues: 2});
});

it("begins anew when it is opened again", async () => {
  const {requests, claim, find, take} = await createStore();
  await claim(1, 1000);
  await requests.claimReissue(exitAt(1), await find(), {dueAt: 4000, reissuedAt: 2000});
  await requests.markAnswered(exitAt(1), set);
  await take();
  await requests.reopen(exitAt(1), 3000, 600);
  expect(await find()).toMatchObject({issuedAt: 3000, reissuedAt: undefined, taken: new Map(), issues: 1});
});

it("begins anew when it is asked for after it expired", async () => {
  const {requests, claim, find} = await createStore();
  await claim(1, 1000);
  await requests.claimReissue(exitAt(1), await find(), {dueAt: 4000, reissuedAt: 2000});
  await requests.markExpired(exitAt(1));
  await claim(1, 3000, 3100);
  expect(await find()).toMatchObject({state: "open", issuedAt: 3100, reissuedAt: undefined});
});

it("stays as it is when another request for it comes", async () => {
  const {claim, find, take} = await createStore();
  await claim(1, 1000);
  await take();
  await claim(1, 2000);
  expect(await find()).toMatchObject({issuedAt: 1000, taken: new Map([["op-1", 5000]]), previous: []});
});

it("has nobody who took it once there is a result for another oracle set", async () => {
  const {requests, claim, find, take} = await createStore();
  await claim(1, 1000);
  await requests.markAnswered(exitAt(1), set);
  await take();
  await requests.markAnsweredFor(exitAt(1), `0x${"ee".repeat(32)}`);
  expect((await find()).taken).toEqual(new Map());
});

it("names the last four exits that it superseded, and nothing else of them", async () => {
  const {requests, claim, find, document, take} = await createStore();
  await claim(1, 1000);
  await requests.claimReissue(exitAt(1), await find(), {dueAt: 4000, reissuedAt: 1100});
  await take();
  for (const index of [2, 3, 4, 5, 6]) await claim(index, 1000 * index, 1000 * index + 5);
  const past = (validatorIndex: number) => ({
    validatorIndex,
    openedAt: 1000 * validatorIndex,
    supersededAt: 1000 * validatorIndex + 1005,
  });
  expect(await find()).toMatchObject({
    validatorIndex: 6,
    previous: [2, 3, 4, 5].map(past),
    reissuedAt: undefined,
    taken: new Map(),
  });
  expect(await document()).toMatchObject({superseded_at: 6005, issued_at: 6005});
});
