import {describe, expect, it} from "vitest";
import type {OrderEntry} from "../../../schemas/order.js";
import {entryDigestOf, orderIdOf} from "../../../src/exits/order.js";
import {fixedOracles} from "../../../src/oracles/liveOracles.js";
import {handleBatch} from "../../../src/relayer/handleBatch.js";
import type {Relayer} from "../../../src/relayer/relayer.js";
import {sweepOpen} from "../../../src/relayer/sweepOpen.js";
import {sweepStale} from "../../../src/relayer/sweepStale.js";
import {createOutage} from "../../../src/runtime/outage.js";
import {askedFor, exitRequestsIn, type HeldRequest, shownIn} from "../../support/exitRequests.js";
import {silent} from "../../support/servers.js";
import {orderIdIn, signBatch} from "../../support/signBatch.js";
import {aDeposit, createStage, type Dealt, lastMessage, type Stage} from "../../support/stage.js";

const {signal} = new AbortController();
const dayMs = 86_400_000;
const reissueAfterMs = 60_000;

const entryOf = ({publicKeyHex}: Dealt, validator_index: number): OrderEntry => ({public_key: publicKeyHex, validator_index});
/** The entries of all validators of cluster c1. */
const allOf = ({dealt}: Stage): OrderEntry[] => dealt.map((it, position) => entryOf(it, 1000 + position));
const aBatch = (validators: readonly OrderEntry[], {operator_id = "op-1", requested_at = Date.now()} = {}) => ({
  batch_id: "b-1",
  network: "hoodi" as const,
  operator_id,
  requested_at,
  validators: [...validators],
});

type Batch = ReturnType<typeof aBatch>;
const deliver = async (stage: Stage, batch: Batch, relayer: Relayer = stage.relayer): Promise<string> => {
  const data = new TextEncoder().encode(JSON.stringify(await signBatch(stage, batch)));
  return handleBatch(relayer, {subject: `dvt.v2.requests.hoodi.${batch.operator_id}`, data, timestampMs: Date.now()});
};
const headOf = ({requests, relayer}: Stage, {public_key}: OrderEntry) =>
  requests.find({network: relayer.network, publicKey: public_key});
const answerTo = (stage: Stage, {public_key, validator_index}: OrderEntry, operatorId = "op-1"): Promise<unknown> =>
  lastMessage(stage.bus, "COMPLETIONS", `dvt.v2.completions.hoodi.${operatorId}.${public_key}.${validator_index}`);
const result = {
  public_keys: [`0x${"aa".repeat(48)}`],
  encrypted_exit_signatures: [`0x${"bb".repeat(193)}`],
  aggregator_signature: `${"A".repeat(86)}==`,
};
const complete = ({exits, relayer, oracleSet}: Stage, {public_key, validator_index}: OrderEntry): Promise<unknown> => {
  const exit = {network: relayer.network, publicKey: public_key, validatorIndex: validator_index};
  return exits.write([{exit, clusterId: "c1", result}], oracleSet.configHash, Date.now());
};
const dueAtOf = async (stage: Stage, entry: OrderEntry): Promise<number> => (await headOf(stage, entry))?.dueAt ?? 0;
/** How many have been published, also those that a later one has replaced. */
const published = async ({bus}: Stage): Promise<number> => {
  const jsm = await bus.connection.jetstreamManager();
  return (await jsm.streams.info("EXIT_REQUESTS")).state.last_seq;
};
const bySubject = (held: readonly HeldRequest[]) => new Map(held.map(({message, request}) => [message.subject, request]));

function createGate(): {opened: Promise<void>; open(): void} {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {opened, open};
}

it("stores an order before the exits that stand on it", async () => {
  const stage = await createStage();
  const batch = aBatch(allOf(stage));
  const orderId = orderIdIn(batch);
  let found: unknown;
  const requests = {
    ...stage.requests,
    claim: async (...args: Parameters<typeof stage.requests.claim>) => {
      found = (await stage.orders.find([orderId])).get(orderId);
      return stage.requests.claim(...args);
    },
  };
  await deliver(stage, batch, {...stage.relayer, requests});
  const digests = batch.validators.map(entryDigestOf);
  expect(found).toMatchObject({operatorId: "op-1", requestedAt: batch.requested_at, digests});
  expect((await headOf(stage, batch.validators[0] as OrderEntry))?.requesters.get("op-1")).toEqual({
    requestedAt: batch.requested_at,
    orderId,
  });
});

it("stores no order of which nothing can be asked", async () => {
  const stage = await createStage();
  expect(await deliver(stage, aBatch([entryOf(stage.closedDealt[0] as Dealt, 1)]))).toBe("partly rejected");
  expect(await stage.db.collection("orders").countDocuments()).toBe(0);
});

it("publishes one message for each cluster, with the others' entries as digests", async () => {
  const stage = await createStage();
  const [ofC1, ofC2] = [allOf(stage), stage.closedDealt.map((it, position) => entryOf(it, 2000 + position))];
  const batch = aBatch([...ofC1, ...ofC2], {operator_id: "op-2"});
  await deliver(stage, batch);
  const orderId = orderIdIn(batch);
  expect(bySubject(await exitRequestsIn(stage.bus))).toMatchObject(
    new Map([
      [`dvt.v2.exit_requests.hoodi.c1.${orderId}`, {order: {entries: [...ofC1, ...ofC2.map(entryDigestOf)]}}],
      [`dvt.v2.exit_requests.hoodi.c2.${orderId}`, {order: {entries: [...ofC1.map(entryDigestOf), ...ofC2]}}],
    ]),
  );
});

it("publishes one message for each 64 entries", async () => {
  const stage = await createStage({validators: 65});
  await deliver(stage, aBatch(allOf(stage)));
  const shown = (await exitRequestsIn(stage.bus)).map(({request}) => shownIn(request).length);
  expect(shown.sort()).toEqual([1, 64]);
  expect(await stage.db.collection("orders").countDocuments()).toBe(2);
});

it("shows in one message what is new and what is still open, and not what is complete", async () => {
  const stage = await createStage({validators: 3});
  const [first, second, third] = allOf(stage) as [OrderEntry, OrderEntry, OrderEntry];
  const requested_at = Date.now();
  await deliver(stage, aBatch([first, second], {requested_at}));
  await complete(stage, first);
  const again = aBatch([first, second, third], {requested_at: requested_at + 1});
  await deliver(stage, again);
  expect(await published(stage)).toBe(2);
  const request = bySubject(await exitRequestsIn(stage.bus)).get(`dvt.v2.exit_requests.hoodi.c1.${orderIdIn(again)}`);
  expect(request?.order.entries).toEqual([entryDigestOf(first), second, third]);
});

it("reissues an order in one message that shows only the exits that are still open", async () => {
  const stage = await createStage({validators: 3, reissueAfterMs});
  const [first, second, third] = allOf(stage) as [OrderEntry, OrderEntry, OrderEntry];
  await deliver(stage, aBatch([first, second, third]));
  await complete(stage, second);
  await sweepOpen(stage.relayer, await dueAtOf(stage, first), signal);
  expect(await published(stage)).toBe(2);
  const [{request}] = (await exitRequestsIn(stage.bus)) as [HeldRequest];
  expect(request.order.entries).toEqual([first, entryDigestOf(second), third]);
  expect(await headOf(stage, first)).toMatchObject({issues: 2});
  expect(await headOf(stage, second)).toMatchObject({state: "answered"});
});

it("reissues an exit on the order of its latest requester", async () => {
  const stage = await createStage({reissueAfterMs});
  const [first] = allOf(stage) as [OrderEntry];
  const requested_at = Date.now();
  await deliver(stage, aBatch([first], {requested_at}));
  await deliver(stage, aBatch([first], {requested_at: requested_at + 1, operator_id: "op-2"}));
  await deliver(stage, aBatch(allOf(stage), {requested_at: requested_at + 2}));
  // The first batch, delivered again, changes nothing.
  await deliver(stage, aBatch([first], {requested_at}));
  await sweepOpen(stage.relayer, await dueAtOf(stage, first), signal);
  const asked = await askedFor(stage.bus, first.public_key);
  expect(asked.at(-1)).toMatchObject({operator_id: "op-1", requested_at: requested_at + 2});
});

it("asks with all exits of an order in one message if two relayers have found them due", async () => {
  const stage = await createStage({validators: 64, reissueAfterMs});
  const all = allOf(stage);
  await deliver(stage, aBatch(all));
  const dueAt = await dueAtOf(stage, all[0] as OrderEntry);
  const {requests} = stage;
  type Claiming = Parameters<typeof requests.claimReissue>;
  const [otherFound, firstClaimed] = [createGate(), createGate()];
  const claimAfterFirst = async (...args: Claiming): Promise<boolean> => {
    otherFound.open();
    await firstClaimed.opened;
    return requests.claimReissue(...args);
  };
  const sweepWith = (claimReissue: typeof requests.claimReissue) =>
    sweepOpen({...stage.relayer, requests: {...requests, claimReissue}}, dueAt, signal);
  const other = sweepWith(claimAfterFirst);
  await otherFound.opened;
  let isFirst = true;
  await sweepWith(async (...args) => {
    if (!isFirst) await other;
    isFirst = false;
    const isClaimed = await requests.claimReissue(...args);
    firstClaimed.open();
    return isClaimed;
  });
  expect(await published(stage)).toBe(2);
  const [{request}] = (await exitRequestsIn(stage.bus)) as [HeldRequest];
  expect(shownIn(request)).toHaveLength(64);
});

it("shows an order's exits in its last message although its sweep found them on two pages", async () => {
  const stage = await createStage({validators: 520, reissueAfterMs});
  const all = allOf(stage);
  await deliver(stage, aBatch(all));
  await stage.db.collection("requests").updateMany({}, {$set: {due_at: Date.now()}});
  await sweepOpen(stage.relayer, Date.now() + 1, signal);
  const held = await exitRequestsIn(stage.bus);
  expect(held.map(({request}) => shownIn(request).length).sort((a, b) => a - b)).toEqual([8, ...Array(8).fill(64)]);
});

const setB = `0x${"bb".repeat(32)}`;
const nobodyRegistered = {read: async () => ({nextIndex: 0, isRegistered: () => false})};
const withSetB = (stage: Stage): Relayer => ({
  ...stage.relayer,
  oracles: fixedOracles({...stage.oracleSet, configHash: setB}),
  followed: {registry: nobodyRegistered, graceMs: 0, outage: createOutage("the registry", silent)},
});

/** Makes this one due at a time before the others of its order. */
const setDue = ({db}: Stage, {public_key}: OrderEntry, due_at: number, issues = 1): Promise<unknown> =>
  db.collection("requests").updateOne({public_key}, {$set: {due_at, issues}});
const lastShown = async ({bus}: Stage): Promise<OrderEntry[]> =>
  (await exitRequestsIn(bus)).slice(-1).flatMap(({request}) => shownIn(request));

describe("an order of which only some exits are asked for again", () => {
  it("shows its other open exits too, which wait for their interval anew", async () => {
    const stage = await createStage({validators: 5, reissueAfterMs});
    const all = allOf(stage) as [OrderEntry, OrderEntry, OrderEntry, OrderEntry, OrderEntry];
    const [first, second, third, done, expired] = all;
    await deliver(stage, aBatch(all));
    await complete(stage, done);
    const now = Date.now() + 1000;
    await setDue(stage, first, now);
    await setDue(stage, second, now + 1, 4);
    await stage.db.collection("requests").updateOne({public_key: expired.public_key}, {$set: {state: "expired"}});
    await sweepOpen(stage.relayer, now, signal);
    expect([await published(stage), await lastShown(stage)]).toEqual([2, [first, second, third]]);
    expect(await Promise.all([first, second, third].map((entry) => headOf(stage, entry)))).toMatchObject([
      {issues: 2, dueAt: now + 2 * reissueAfterMs},
      {issues: 4, dueAt: now + 8 * reissueAfterMs},
      {issues: 1, dueAt: now + reissueAfterMs},
    ]);
  });

  it("does not show an exit that stands on a later order, nor ask for one of another cluster", async () => {
    const stage = await createStage({validators: 3, reissueAfterMs});
    const [first, second, third] = allOf(stage) as [OrderEntry, OrderEntry, OrderEntry];
    const ofC2 = entryOf(stage.closedDealt[0] as Dealt, 2000);
    const requested_at = Date.now();
    await deliver(stage, aBatch([first, second, third, ofC2], {requested_at, operator_id: "op-2"}));
    await deliver(stage, aBatch([third], {requested_at: requested_at + 1, operator_id: "op-2"}));
    const now = Date.now() + 1000;
    await setDue(stage, first, now);
    await sweepOpen(stage.relayer, now, signal);
    expect([await published(stage), await lastShown(stage)]).toEqual([4, [first, second]]);
  });

  it("shows an exit whose deposit stands on another order, and leaves it due when it was: that order is asked for then", async () => {
    const stage = await createStage({validators: 2, reissueAfterMs});
    const [first, second] = allOf(stage) as [OrderEntry, OrderEntry];
    const requested_at = Date.now();
    const withDeposit = {...second, deposit: aDeposit()};
    await deliver(stage, aBatch([withDeposit], {requested_at}));
    await deliver(stage, aBatch([first, second], {requested_at: requested_at + 1, operator_id: "op-2"}));
    const dueAt = await dueAtOf(stage, second);
    const now = Date.now() + 1000;
    await setDue(stage, first, now);
    await sweepOpen(stage.relayer, now, signal);
    expect([await published(stage), await lastShown(stage)]).toEqual([3, [first, second]]);
    expect(await headOf(stage, second)).toMatchObject({dueAt, issues: 1});
    await sweepOpen(stage.relayer, dueAt, signal);
    const shown = (await exitRequestsIn(stage.bus)).slice(-2).map(({request}) => shownIn(request));
    expect(new Set(shown)).toEqual(new Set([[withDeposit], [first, second]]));
    expect(await headOf(stage, second)).toMatchObject({issues: 2});
  });

  it("is shown whole by two relayers that each found another exit of it due", async () => {
    const stage = await createStage({validators: 3, reissueAfterMs});
    const all = allOf(stage) as [OrderEntry, OrderEntry, OrderEntry];
    await deliver(stage, aBatch(all));
    const now = Date.now() + 1000;
    await setDue(stage, all[0], now);
    await setDue(stage, all[1], now + 1);
    const {requests} = stage;
    let isOther = false;
    const findOpenOf: typeof requests.findOpenOf = async (...args) => {
      const found = await requests.findOpenOf(...args);
      if (!isOther) {
        isOther = true;
        await sweepOpen(stage.relayer, now + 1, signal);
        expect(await lastShown(stage)).toEqual(all);
      }
      return found;
    };
    await sweepOpen({...stage.relayer, requests: {...requests, findOpenOf}}, now, signal);
    expect([await published(stage), await lastShown(stage)]).toEqual([3, all]);
    expect(await headOf(stage, all[1])).toMatchObject({issues: 2, dueAt: now + 1 + 2 * reissueAfterMs});
  });

  it("shows its open exits with those that are opened again for another oracle set", async () => {
    const stage = await createStage({validators: 3, reissueAfterMs});
    const all = allOf(stage) as [OrderEntry, OrderEntry, OrderEntry];
    await deliver(stage, aBatch(all));
    await complete(stage, all[0]);
    await sweepOpen(stage.relayer, await dueAtOf(stage, all[0]), signal);
    expect(await lastShown(stage)).toEqual([all[1], all[2]]);
    await sweepStale(withSetB(stage), nobodyRegistered, Date.now(), signal);
    expect([await published(stage), await lastShown(stage)]).toEqual([3, all]);
  });
});

it.each<{id: string; change: object}>([
  {id: "another index", change: {validator_index: 7}},
  {id: "the order of another operator", change: {"operators.op-1.order_id": "other"}},
  {id: "an order that there is not", change: {"operators.op-1.order_id": `0x${"ab".repeat(32)}`}},
  {id: "another time", change: {"operators.op-1.requested_at": 1_700_000_000_000}},
])("asks for nothing and rejects with ORDER_EXPIRED if the database was given $id", async ({change}) => {
  const stage = await createStage({reissueAfterMs});
  const [first, second] = allOf(stage) as [OrderEntry, OrderEntry];
  await deliver(stage, aBatch([first]));
  const other = aBatch([first, second], {operator_id: "op-2", requested_at: Date.now() - 1000});
  await deliver(stage, other);
  const dueAt = await dueAtOf(stage, second);
  const before = await published(stage);
  const $set = JSON.parse(JSON.stringify(change).replace('"other"', JSON.stringify(orderIdIn(other))));
  await stage.db.collection("requests").updateOne({public_key: first.public_key}, {$set, $unset: {"operators.op-2": ""}});
  await sweepOpen(stage.relayer, dueAt, signal);
  const head = await headOf(stage, first);
  expect(head).toMatchObject({state: "expired"});
  const {validatorIndex = 0} = head ?? {};
  expect(await answerTo(stage, {...first, validator_index: validatorIndex})).toMatchObject({code: "ORDER_EXPIRED"});
  const shown = (await exitRequestsIn(stage.bus)).slice(-1).flatMap(({request}) => shownIn(request));
  expect([await published(stage), shown]).toEqual([before + 1, [second]]);
});

it("rejects with ORDER_EXPIRED what stands on an order from before its operator's nkey was replaced", async () => {
  const stage = await createStage({reissueAfterMs});
  const [first] = allOf(stage) as [OrderEntry];
  await deliver(stage, aBatch([first]));
  const {operators, ...others} = stage.participants;
  const [, {nkey}] = operators as [unknown, {nkey: string}];
  stage.relayer.bus.trust({...others, operators: operators.map((it) => (it.id === "op-1" ? {...it, nkey} : it))});
  await sweepOpen(stage.relayer, await dueAtOf(stage, first), signal);
  expect([await published(stage), await headOf(stage, first)]).toMatchObject([1, {state: "expired"}]);
  expect(await answerTo(stage, first)).toMatchObject({code: "ORDER_EXPIRED"});
});

describe("an exit whose latest requester's order is no longer valid", () => {
  const replaceNkey = async ({participants, relayer}: Stage): Promise<void> => {
    const {operators, ...others} = participants;
    const nkey = operators[0]?.nkey ?? "";
    relayer.bus.trust({...others, operators: operators.map((it) => (it.id === "op-2" ? {...it, nkey} : it))});
  };
  const dropLatest = (stage: Stage): Promise<unknown> => stage.db.collection("orders").deleteOne({operator_id: "op-2"});
  const changeLatest = ({db}: Stage): Promise<unknown> =>
    db.collection("orders").updateOne({operator_id: "op-2"}, {$set: {requested_at: 5}});

  it.each<{id: string; spoil: (stage: Stage) => Promise<unknown>}>([
    {id: "its operator's nkey was replaced", spoil: replaceNkey},
    {id: "it is gone from the database", spoil: dropLatest},
    {id: "it was changed there", spoil: changeLatest},
  ])("is reissued on the order of the requester before, with its deposit: $id", async ({spoil}) => {
    const stage = await createStage({reissueAfterMs});
    const [first] = allOf(stage) as [OrderEntry];
    const entry = {...first, deposit: aDeposit()};
    const requested_at = Date.now();
    await deliver(stage, aBatch([entry], {requested_at}));
    await deliver(stage, aBatch([entry], {requested_at: requested_at + 1, operator_id: "op-2"}));
    await spoil(stage);
    await sweepOpen(stage.relayer, await dueAtOf(stage, first), signal);
    expect(await headOf(stage, first)).toMatchObject({state: "open", issues: 2});
    const [last] = (await exitRequestsIn(stage.bus)).slice(-1) as [HeldRequest];
    expect(last.request.order).toMatchObject({operator_id: "op-1", requested_at, entries: [entry]});
    expect(await published(stage)).toBe(3);
  });
});

it("asks for no deposit that the database was given", async () => {
  const stage = await createStage({reissueAfterMs});
  const [first] = allOf(stage) as [OrderEntry];
  await deliver(stage, aBatch([{...first, deposit: aDeposit()}]));
  await stage.db.collection("requests").updateOne({}, {$set: {"deposit.amount": 64_000_000_000}});
  await sweepOpen(stage.relayer, await dueAtOf(stage, first), signal);
  expect([await published(stage), await headOf(stage, first)]).toMatchObject([1, {state: "expired"}]);
});

it("rejects the exits of a batch that is older than EXIT_LIFETIME, and stores nothing", async () => {
  const stage = await createStage({exitLifetimeMs: dayMs});
  const [first] = allOf(stage) as [OrderEntry];
  const requested_at = Date.now() - dayMs;
  expect(await deliver(stage, aBatch([first], {requested_at}))).toBe("partly rejected");
  expect(await answerTo(stage, first)).toMatchObject({status: "rejected", code: "ORDER_EXPIRED", requested_at});
  expect(await stage.db.collection("orders").countDocuments()).toBe(0);
  expect([await headOf(stage, first), await published(stage)]).toEqual([undefined, 0]);
  await deliver(stage, aBatch([first], {requested_at: requested_at + 60_000}));
  expect(await headOf(stage, first)).toMatchObject({state: "open"});
});

it("rejects with ORDER_EXPIRED, once, what was answered for another oracle set if its order has ended", async () => {
  const stage = await createStage({exitLifetimeMs: dayMs});
  const [first, second] = allOf(stage) as [OrderEntry, OrderEntry];
  const requested_at = Date.now();
  await deliver(stage, aBatch([first], {requested_at}));
  await deliver(stage, aBatch([second], {requested_at: requested_at + 1000}));
  for (const entry of [first, second]) await complete(stage, entry);
  await sweepOpen(stage.relayer, requested_at + 2 * stage.relayer.reissueAfterMs, signal);
  expect(await headOf(stage, first)).toMatchObject({state: "answered"});
  const before = await published(stage);
  await sweepStale(withSetB(stage), nobodyRegistered, requested_at + dayMs, signal);
  expect([await headOf(stage, first), await headOf(stage, second)]).toMatchObject([{state: "expired"}, {state: "open"}]);
  expect(await answerTo(stage, first)).toMatchObject({status: "rejected", code: "ORDER_EXPIRED", requested_at});
  expect(await published(stage)).toBe(before + 1);
});

it("is due when its order ends, and rejected then with ORDER_EXPIRED, if it was reopened meanwhile", async () => {
  const stage = await createStage({exitLifetimeMs: dayMs, reissueAfterMs: dayMs / 4});
  const [first] = allOf(stage) as [OrderEntry];
  const requested_at = Date.now();
  await deliver(stage, aBatch([first], {requested_at}));
  await complete(stage, first);
  await sweepOpen(stage.relayer, requested_at + dayMs / 2, signal);
  await sweepStale(withSetB(stage), nobodyRegistered, requested_at + dayMs / 2, signal);
  expect(await headOf(stage, first)).toMatchObject({state: "open", dueAt: requested_at + 0.75 * dayMs});
  await sweepOpen(withSetB(stage), requested_at + 0.75 * dayMs, signal);
  expect(await headOf(stage, first)).toMatchObject({state: "open", dueAt: requested_at + dayMs, issues: 2});
  await sweepOpen(withSetB(stage), requested_at + dayMs, signal);
  expect(await headOf(stage, first)).toMatchObject({state: "expired"});
  expect(await answerTo(stage, first)).toMatchObject({status: "rejected", code: "ORDER_EXPIRED"});
  await deliver(stage, aBatch([first], {requested_at: requested_at + 1}), withSetB(stage));
  expect(await headOf(stage, first)).toMatchObject({state: "open"});
});

it("tells every requester that too few signed if the exit was open for as long as its order counts", async () => {
  const stage = await createStage({exitLifetimeMs: dayMs, reissueAfterMs});
  const [first] = allOf(stage) as [OrderEntry];
  const requested_at = Date.now() - 3_600_000;
  await deliver(stage, aBatch([first], {requested_at}));
  await sweepOpen(stage.relayer, requested_at + dayMs, signal);
  expect(await answerTo(stage, first)).toMatchObject({status: "rejected", code: "EXIT_EXPIRED"});
});

it("keeps an order that is signed by its operator under its own id", async () => {
  const stage = await createStage();
  const digests = allOf(stage).map(entryDigestOf);
  const publicKeys = allOf(stage).map(({public_key}) => public_key);
  const order = {...(await stage.signOrder({network: "hoodi", operatorId: "op-1", requestedAt: 5, digests})), publicKeys};
  const id = orderIdOf(order);
  await stage.orders.add([order]);
  await stage.orders.add([order, {...order, requestedAt: 6}]);
  expect(await stage.orders.find([id, `0x${"00".repeat(32)}`])).toEqual(new Map([[id, order]]));
  await stage.orders.dropBefore(6);
  expect((await stage.orders.find([id])).size).toBe(0);
  expect(await stage.db.collection("orders").countDocuments()).toBe(1);
});

it("reads no order that the database was given under another's id", async () => {
  const stage = await createStage();
  const digests = allOf(stage).map(entryDigestOf);
  const publicKeys = allOf(stage).map(({public_key}) => public_key);
  const order = {...(await stage.signOrder({network: "hoodi", operatorId: "op-1", requestedAt: 5, digests})), publicKeys};
  await stage.orders.add([order]);
  await stage.db.collection("orders").updateOne({}, {$set: {requested_at: Date.now()}});
  expect((await stage.orders.find([orderIdOf(order)])).size).toBe(0);
});
