import {readFile} from "node:fs/promises";
import {describe, expect, it} from "vitest";
import {entryDigestOf, type OrderDigests, orderContent, orderIdOf} from "../../../src/exits/order.js";
import {toIdentity} from "../../../src/messaging/identity.js";
import type {SignedOrder} from "../../../src/store/orders.js";
import {aDeposit, ask, createStage, type Dealt, messagesIn, type Stage} from "../../support/stage.js";
import {type ListedDeposit, post, send, signaturesFor, startTestGateway, type TestGateway} from "../../support/testGateway.js";

const dayMs = 86_400_000;
const keyOf = ({dealt}: Stage, of: number): string => (dealt[of] as Dealt).publicKeyHex;
const listedBy = async ({url}: TestGateway, route: "exits" | "validators"): Promise<string[]> =>
  ((await send(`${url}/${route}`)).body[route] as {public_key: string}[]).map(({public_key}) => public_key);

/** Changes the first validator's request, as whoever writes the database can. */
const change = async ({db, ...stage}: Stage, fields: object): Promise<void> => {
  const {matchedCount} = await db
    .collection<{_id: string}>("requests")
    .updateOne({_id: `hoodi:${keyOf(stage as Stage, 0)}`}, {$set: fields});
  expect(matchedCount).toBe(1);
};

/** The order for the first validator's exit with its deposit. */
const orderOf = (stage: Stage, {operatorId = "op-1", requestedAt = Date.now()} = {}): OrderDigests => ({
  network: "hoodi",
  operatorId,
  requestedAt,
  digests: [entryDigestOf({public_key: keyOf(stage, 0), validator_index: 1000, deposit: aDeposit()})],
});

/** Stores an order, and makes the first validator's request stand on it. */
async function standOn(stage: Stage, order: SignedOrder, as = order.operatorId, at = order.requestedAt): Promise<void> {
  await stage.orders.add([{...order, publicKeys: [keyOf(stage, 0)]}]);
  const operators = {[as]: {requested_at: at, order_id: orderIdOf(order)}};
  await change(stage, {operators, "deposit.operators": operators});
}

describe("a request that the database has otherwise than an operator ordered it", () => {
  it.each<{id: string; code?: string; spoil: (stage: Stage) => Promise<unknown>; index?: number; deposit?: object}>([
    {id: "another index", spoil: (stage) => change(stage, {validator_index: 1500}), index: 1500},
    {
      id: "another amount",
      spoil: (stage) => change(stage, {"deposit.amount": 64_000_000_000}),
      deposit: {amount: 64_000_000_000},
    },
    {
      id: "another vault",
      spoil: (stage) => change(stage, {"deposit.vault": `0x${"b2".repeat(20)}`}),
      deposit: {vault: `0x${"b2".repeat(20)}`},
    },
    {
      id: "the order of another operator",
      spoil: async (stage) => standOn(stage, await stage.signOrder(orderOf(stage, {operatorId: "op-2"})), "op-1"),
    },
    {
      id: "an order of the operator that another one signed",
      spoil: async (stage) => {
        const order = orderOf(stage);
        const other = toIdentity("operator-op-2", await readFile(stage.seedFile("operator-op-2"), "utf8"));
        const signature = Buffer.from(other.sign("order", orderContent(order))).toString("base64");
        await standOn(stage, {...order, signature});
      },
    },
    {
      id: "an order that has expired",
      code: "ORDER_EXPIRED",
      spoil: async (stage) => standOn(stage, await stage.signOrder(orderOf(stage, {requestedAt: Date.now() - 8 * dayMs}))),
    },
    {
      id: "an order that has expired under another date",
      spoil: async (stage) => {
        const order = await stage.signOrder(orderOf(stage, {requestedAt: Date.now() - 8 * dayMs}));
        await standOn(stage, order, "op-1", Date.now());
      },
    },
    {
      id: "an order that was deleted",
      code: "ORDER_EXPIRED",
      spoil: async (stage) => {
        const order = await stage.signOrder(orderOf(stage));
        await standOn(stage, order);
        await stage.db.collection<{_id: string}>("orders").deleteOne({_id: orderIdOf(order)});
      },
    },
  ])("is not shown, no share of it is taken, and it is warned of once: $id", async ({code = "ORDER_INVALID", spoil, ...evil}) => {
    const stage = await createStage();
    await ask(stage, {deposit: aDeposit()});
    await ask(stage, {of: 1, deposit: aDeposit()});
    await spoil(stage);
    const warned: object[] = [];
    const allowedVaults = [aDeposit().vault, `0x${"b2".repeat(20)}`];
    const gateway = await startTestGateway(stage, {allowedVaults, onWarning: (fields) => void warned.push(fields)});
    for (const _ of [1, 2]) {
      expect(await listedBy(gateway, "exits")).toEqual([keyOf(stage, 1)]);
      expect(await listedBy(gateway, "validators")).toEqual([keyOf(stage, 1)]);
    }
    const {index = 1000, deposit = {}} = evil;
    const listed = {public_key: keyOf(stage, 0), ...aDeposit(deposit), validator_index: index} as ListedDeposit;
    const {body} = await post(`${gateway.url}/signatures`, {share_index: 1, shares: [signaturesFor(stage, listed, 1)]});
    expect(body["shares"]).toEqual(
      ["exit", "deposit"].map((signature) => ({public_key: keyOf(stage, 0), signature, code: "EXIT_UNKNOWN"})),
    );
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    const exit = `hoodi:${keyOf(stage, 0)}:${index}`;
    expect(warned).toEqual([
      expect.objectContaining({exits: [exit], operator_id: "op-1", code}),
      expect.objectContaining({deposits: [expect.stringContaining(keyOf(stage, 0))], operator_id: "op-1", code}),
    ]);
  });
});

it("shows an exit without the deposit that was not ordered with it", async () => {
  const stage = await createStage();
  await ask(stage, {deposit: aDeposit()});
  await ask(stage, {of: 1, deposit: aDeposit()});
  const alone = await stage.signOrder({
    ...orderOf(stage),
    digests: [entryDigestOf({public_key: keyOf(stage, 0), validator_index: 1000})],
  });
  await standOn(stage, alone);
  const gateway = await startTestGateway(stage);
  expect(new Set(await listedBy(gateway, "exits"))).toEqual(new Set([0, 1].map((of) => keyOf(stage, of))));
  expect(await listedBy(gateway, "validators")).toEqual([keyOf(stage, 1)]);
  const listed = {public_key: keyOf(stage, 0), ...aDeposit(), validator_index: 1000} as ListedDeposit;
  const {body} = await post(`${gateway.url}/signatures`, {share_index: 1, shares: [signaturesFor(stage, listed, 1)]});
  expect(body["shares"]).toEqual([{public_key: keyOf(stage, 0), signature: "deposit", code: "EXIT_UNKNOWN"}]);
  expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(1);
});

it("shows an exit again once its operator orders it again, and reads an order that holds once", async () => {
  const stage = await createStage();
  await ask(stage, {requestedAt: Date.now() - 8 * dayMs});
  let reads = 0;
  const orders = {
    find: (ids: readonly string[]) => {
      reads += 1;
      return stage.orders.find(ids);
    },
  };
  const gateway = await startTestGateway({...stage, orders: {...stage.orders, ...orders}});
  expect([await listedBy(gateway, "exits"), reads]).toEqual([[], 0]);
  await ask(stage);
  for (const _ of [1, 2, 3]) expect([await listedBy(gateway, "exits"), reads]).toEqual([[keyOf(stage, 0)], 1]);
});
