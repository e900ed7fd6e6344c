import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {type ExitRequest, exitRequest} from "../../schemas/exitRequest.js";
import type {Order, OrderEntry} from "../../schemas/order.js";
import type {ErrorCode} from "../../src/errors.js";
import {orderContent, orderDigestsOf, orderIdOf} from "../../src/exits/order.js";
import {readDeadLetters} from "../../src/messaging/deadLetters.js";
import {toIdentity} from "../../src/messaging/identity.js";
import {publish} from "../../src/messaging/publish.js";
import {sweepOpen} from "../../src/relayer/sweepOpen.js";
import {anEntry, aRequest} from "../support/aRequest.js";
import {connectTestBus, temporaryFolder} from "../support/servers.js";
import {ask, createStage, type Dealt, messagesIn, type Stage} from "../support/stage.js";
import {startTestSidecar} from "../support/startTestSidecar.js";

const dayMs = 86_400_000;

/** A stage with a sidecar of cluster c1 that signs for every operator who may ask. */
async function createVictim(): Promise<Stage> {
  const stage = await createStage();
  await startTestSidecar(stage, join(await temporaryFolder(), "state.jsonl"));
  return stage;
}

/** The relayer itself asks, with its own key and account. */
const demand = ({relayer}: Stage, request: ExitRequest): Promise<void> => publish(relayer.bus, exitRequest, request);

/** The request with another order, and the id that this order has. */
const withOrder = (request: ExitRequest, change: Partial<Order>): ExitRequest => {
  const order = {...request.order, ...change};
  return {...request, order_id: orderIdOf(orderDigestsOf(request.network, order)), order};
};

/** An order as this participant would sign it. */
async function signedBy({seedFile}: Stage, participant: string, {network, order}: ExitRequest): Promise<string> {
  const identity = toIdentity(participant, await readFile(seedFile(participant), "utf8"));
  return Buffer.from(identity.sign("order", orderContent(orderDigestsOf(network, order)))).toString("base64");
}

/** Each attempt is a dead letter of this code, and nothing was signed. An exit that was ordered is signed after all of them. */
async function expectNothingSigned(stage: Stage, codes: readonly ErrorCode[]): Promise<void> {
  const lettersIn = async () =>
    (await readDeadLetters(stage.bus)).map(({letter}) => ({code: letter?.code, participant: letter?.participant}));
  const participant = "sidecar-c1-1";
  await expect.poll(lettersIn).toEqual(codes.map((code) => ({code, participant})));
  expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
  await demand(stage, await aRequest(stage));
  await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(1);
}

describe("a hostile relayer", () => {
  it("gets nothing signed that nobody ordered", async () => {
    const stage = await createVictim();
    const request = await aRequest(stage);
    const entries = [anEntry(stage, {of: 1})];
    await demand(stage, withOrder(request, {entries}));
    await demand(stage, withOrder(request, {entries: [...request.order.entries, ...entries]}));
    const own = withOrder(request, {entries});
    await demand(stage, {...own, order: {...own.order, signature: await signedBy(stage, "relayer", own)}});
    await expectNothingSigned(stage, ["ORDER_INVALID", "ORDER_INVALID", "ORDER_INVALID"]);
  });

  it("nor an ordered exit at another index", async () => {
    const stage = await createVictim();
    const request = await aRequest(stage);
    const moved = {...(request.order.entries[0] as OrderEntry), validator_index: 1001};
    await demand(stage, withOrder(request, {entries: [moved]}));
    // The id of the order that was signed, so that only the signature can show it.
    await demand(stage, {...request, order: {...request.order, entries: [moved]}});
    await expectNothingSigned(stage, ["ORDER_INVALID", "ORDER_INVALID"]);
  });

  it("nor by another operator's order", async () => {
    const stage = await createStage();
    const {participants, nats, seedFile} = stage;
    const {clusters} = participants;
    // op-2 is an operator, and may ask for exits of the other cluster only.
    const closed = {...participants, clusters: clusters.map((it) => (it.id === "c1" ? {...it, operatorIds: ["op-1"]} : it))};
    const busOf = (participant: string) => connectTestBus(participant, {url: nats.url, participants: closed, seedFile});
    await startTestSidecar({...stage, busOf}, join(await temporaryFolder(), "state.jsonl"));
    const request = await aRequest(stage, {operatorId: "op-2"});
    await demand(stage, request);
    await demand(stage, withOrder(request, {operator_id: "op-1"}));
    await expectNothingSigned(stage, ["OPERATOR_NOT_ALLOWED", "ORDER_INVALID"]);
  });

  it("nor with one entry changed", async () => {
    const stage = await createVictim();
    const entries = Array.from({length: 64}, (_, it) => anEntry(stage, {validatorIndex: 1000 + it}));
    const request = await aRequest(stage, {entries});
    const changes: ((entry: OrderEntry) => OrderEntry)[] = [
      (entry) => ({...entry, public_key: (stage.dealt[1] as Dealt).publicKeyHex}),
      (entry) => ({...entry, deposit: {vault: `0x${"66".repeat(20)}`, amount: 32_000_000_000, validator_type: "0x01"}}),
    ];
    for (const change of changes) {
      const changed = entries.map((entry, position) => (position === 40 ? change(entry) : entry));
      await demand(stage, withOrder(request, {entries: changed}));
    }
    await demand(stage, withOrder(request, {entries: entries.toReversed()}));
    await demand(stage, withOrder(request, {entries: entries.slice(1)}));
    await expectNothingSigned(stage, ["ORDER_INVALID", "ORDER_INVALID", "ORDER_INVALID", "ORDER_INVALID"]);
  });

  it("nor by an order that is played again after its time", async () => {
    const stage = await createVictim();
    const request = await aRequest(stage, {requestedAt: Date.now() - 7 * dayMs - 1000});
    await demand(stage, request);
    await demand(stage, withOrder(request, {requested_at: Date.now()}));
    await expectNothingSigned(stage, ["ORDER_EXPIRED", "ORDER_INVALID"]);
  });

  it("nor by an order for another cluster or network", async () => {
    const stage = await createVictim();
    const entries = [{public_key: (stage.closedDealt[0] as Dealt).publicKeyHex, validator_index: 1000}];
    const ofOther = await aRequest(stage, {operatorId: "op-2", clusterId: "c2", entries});
    // Shown to a cluster that does not have the validator: it has no key share of it.
    await demand(stage, {...ofOther, cluster_id: "c1"});
    const onMainnet = await aRequest(stage, {network: "mainnet"});
    await demand(stage, withOrder({...onMainnet, network: "hoodi"}, {}));
    await expectNothingSigned(stage, ["ORDER_INVALID"]);
  });

  it("nor by what a database writer changed", async () => {
    const stage = await createVictim();
    const {db, relayer} = stage;
    await ask(stage, {count: 1});
    const orders = db.collection("orders");
    const requests = db.collection("requests");
    const changes: (() => Promise<unknown>)[] = [
      () => requests.updateOne({}, {$set: {validator_index: 2000}}),
      () => requests.updateOne({}, {$set: {validator_index: 1000, "operators.op-1.order_id": `0x${"0d".repeat(32)}`}}),
      () => orders.updateOne({}, {$set: {requested_at: Date.now() + dayMs}}),
      () => orders.deleteMany({}),
    ];
    for (const change of changes) {
      await change();
      await requests.updateOne({}, {$set: {due_at: 0, state: "open"}});
      await sweepOpen(relayer, Date.now(), new AbortController().signal);
    }
    // An honest relayer shows none of it; one that does is refused by the sidecar: see above.
    expect(await messagesIn(stage.bus, "EXIT_REQUESTS")).toBe(0);
    await expectNothingSigned(stage, []);
  });

  it("nor by an order that a participant who is no operator signed", async () => {
    const stage = await createVictim();
    const request = await aRequest(stage);
    for (const participant of ["sidecar-c1-2", "aggregator", "admin"]) {
      const signature = await signedBy(stage, participant, request);
      await demand(stage, {...request, order: {...request.order, signature}});
    }
    const unknown = withOrder(request, {operator_id: "sidecar-c1-2"});
    await demand(stage, {...unknown, order: {...unknown.order, signature: await signedBy(stage, "sidecar-c1-2", unknown)}});
    await expectNothingSigned(stage, ["ORDER_INVALID", "ORDER_INVALID", "ORDER_INVALID", "OPERATOR_UNKNOWN"]);
  });
});
