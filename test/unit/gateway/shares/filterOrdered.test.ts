import {expect, it} from "vitest";
import {networks} from "../../../../src/consensus/networks.js";
import {entryDigestOf, type OrderDigests, orderContent, orderIdOf} from "../../../../src/exits/order.js";
import {createPollLogs} from "../../../../src/gateway/caches/pollLogs.js";
import {createFilterOrdered, type OrderOptions} from "../../../../src/gateway/shares/filterOrdered.js";
import {createSeed, toIdentity} from "../../../../src/messaging/identity.js";
import type {StoredOrder} from "../../../../src/store/orders.js";
import {aDeposit, publicKey} from "../../../support/examples/messages.js";
import {aLogger} from "../../../support/logger.js";

const network = networks.hoodi;
const operator = toIdentity("operator-op-1", createSeed().seed);
const dayMs = 86_400_000;
const deposit = aDeposit();
const entries = [7, 8].map((validator_index) => ({public_key: publicKey, validator_index, deposit}));
const unsigned = {network: network.name, operatorId: "op-1", requestedAt: 0, digests: entries.map(entryDigestOf)};
const publicKeys = [publicKey, publicKey];
const signed = (content: OrderDigests): string => Buffer.from(operator.sign("order", orderContent(content))).toString("base64");
const order: StoredOrder = {...unsigned, publicKeys, signature: signed(unsigned)};
const orderId = orderIdOf(order);
const requesters = new Map([["op-1", {requestedAt: 0, orderId}]]);
const anExit = (validatorIndex: number) => ({
  cluster: {id: "c1"},
  exit: {network, publicKey, validatorIndex},
  head: {requesters, deposit: {deposit, requestedAt: 0, requesters, isExpired: false}},
  deposit: {},
});
const exits = [anExit(7), anExit(8)];

type Participants = ReturnType<OrderOptions["participants"]>;
const participantsWith = ({nkey = operator.nkey, operatorIds = ["op-1"]} = {}): Participants =>
  ({operators: [{id: "op-1", nkey}], clusters: [{id: "c1", operatorIds}]}) as unknown as Participants;

const setUp = () => {
  const {logger, logged} = aLogger();
  const world = {now: 0, participants: participantsWith(), reads: 0, stored: new Map([[orderId, order]])};
  const filter = createFilterOrdered({
    orders: {
      find: async () => {
        world.reads += 1;
        return world.stored;
      },
    },
    participants: () => world.participants,
    orderLifetimeMs: 7 * dayMs,
    now: () => world.now,
    ...createPollLogs(logger),
    retryAfterMs: 0,
  });
  return {world, filter, codes: () => logged.map(({code}) => code)};
};

it("keeps what was ordered, and reads the order once however often clients poll", async () => {
  const {world, filter, codes} = setUp();
  for (const _ of [1, 2, 3]) expect(await filter(exits)).toMatchObject(exits);
  expect([world.reads, codes()]).toEqual([1, []]);
});

it("keeps nothing of an order that has become too old since it was verified", async () => {
  const {world, filter, codes} = setUp();
  expect(await filter(exits)).toMatchObject(exits);
  world.now = 7 * dayMs;
  expect(await filter(exits)).toMatchObject(exits);
  world.now += 1;
  expect(await filter(exits)).toEqual([]);
  expect([world.reads, new Set(codes())]).toEqual([1, new Set(["ORDER_EXPIRED"])]);
});

it.each([
  {id: "is no longer listed", participants: {operators: [], clusters: []}, code: "OPERATOR_UNKNOWN"},
  {id: "has another nkey", participants: participantsWith({nkey: toIdentity("", createSeed().seed).nkey}), code: "ORDER_INVALID"},
  {id: "may not ask any more", participants: participantsWith({operatorIds: ["op-2"]}), code: "OPERATOR_NOT_ALLOWED"},
])("keeps nothing of an operator who $id, until that is undone", async ({participants, code}) => {
  const {world, filter, codes} = setUp();
  expect(await filter(exits)).toMatchObject(exits);
  world.participants = participants;
  expect(await filter(exits)).toEqual([]);
  expect(new Set(codes())).toEqual(new Set([code]));
  world.participants = participantsWith();
  expect(await filter(exits)).toMatchObject(exits);
});

it("keeps what an earlier requester ordered if the latest one's order is not valid, and warns of nothing", async () => {
  const {filter, codes} = setUp();
  const later = new Map([...requesters, ["op-2", {requestedAt: 1, orderId: `0x${"00".repeat(32)}`}]]);
  const asked = exits.map((it) => ({...it, head: {requesters: later, deposit: {...it.head.deposit, requesters: later}}}));
  for (const _ of [1, 2]) expect(await filter(asked)).toMatchObject(asked);
  expect(codes()).toEqual([]);
});

it("keeps an exit of an order that has another one, too, and not that one", async () => {
  const {filter, codes} = setUp();
  expect(await filter([...exits, anExit(9)])).toMatchObject(exits);
  expect(new Set(codes())).toEqual(new Set(["ORDER_INVALID"]));
});

it("keeps an exit without the deposit whose requester's order has expired", async () => {
  const {world, filter} = setUp();
  const later = {...unsigned, requestedAt: dayMs};
  const signature = Buffer.from(operator.sign("order", orderContent(later))).toString("base64");
  world.stored.set(orderIdOf(later), {...later, publicKeys, signature});
  world.now = 7 * dayMs + 1;
  const [first] = exits as [ReturnType<typeof anExit>];
  const ordered = new Map([["op-1", {requestedAt: dayMs, orderId: orderIdOf(later)}]]);
  const exit = {...first, head: {...first.head, requesters: ordered}};
  expect(await filter([exit])).toMatchObject([{...exit, deposit: undefined}]);
});

it("says of each exit whether it was ordered as a rotation", async () => {
  const {world, filter} = setUp();
  const ordered = [{public_key: publicKey, validator_index: 9, rotation: true as const}, entries[0] as (typeof entries)[0]];
  const digests = ordered.map(entryDigestOf);
  const rotation = {...order, digests, signature: signed({...unsigned, digests})};
  const rotationId = orderIdOf(rotation);
  world.stored.set(rotationId, rotation);
  const standing = new Map([["op-1", {requestedAt: 0, orderId: rotationId}]]);
  const both = [9, 7].map((index) => ({...anExit(index), head: {requesters: standing, deposit: anExit(index).head.deposit}}));
  // From the order, and then from memory.
  for (const _ of [1, 2]) expect((await filter(both)).map(({isRotation}) => isRotation)).toEqual([true, false]);
});
