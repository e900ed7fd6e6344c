import {describe, expect, it} from "vitest";
import type {Order, OrderEntry} from "../../../schemas/order.js";
import {entryDigestOf, orderContent, orderDigestsOf, orderIdOf} from "../../../src/exits/order.js";
import {createSeed, type Identity, toIdentity} from "../../../src/messaging/identity.js";
import {checkOrder, type ShownOrder} from "../../../src/policy/checkOrder.js";
import {aDeposit} from "../../support/examples/messages.js";
import {someParticipants} from "../../support/examples/participants.js";

const lifetimeMs = 3 * 24 * 3_600_000;
const requestedAt = 1_700_000_000_000;
const keyOf = (byte: string): string => `0x${byte.repeat(48)}`;
const first: OrderEntry = {public_key: keyOf("a1"), validator_index: 1000};
const second: OrderEntry = {public_key: keyOf("b2"), validator_index: 1001, deposit: aDeposit()};
const third: OrderEntry = {public_key: keyOf("c3"), validator_index: 1002};

const [acme, other, stranger] = ["acme", "other", "stranger"].map((id) => toIdentity(`operator-${id}`, createSeed().seed)) as [
  Identity,
  Identity,
  Identity,
];
const some = someParticipants({
  network: "hoodi",
  operatorIds: ["acme", "other"],
  clusters: [
    {id: "alpha", definition: "", operatorIds: ["acme"], sidecars: []},
    {id: "beta", definition: "", operatorIds: ["acme", "other"], sidecars: []},
  ],
});
const participants = {
  ...some,
  operators: [
    {id: "acme", nkey: acme.nkey},
    {id: "other", nkey: other.nkey},
  ],
};

type Signing = {
  network?: string;
  operatorId?: string;
  requestedAt?: number;
  entries?: OrderEntry[];
  by?: Pick<Identity, "sign">;
};

/** The order as it is signed, all of it shown to cluster alpha. */
function signed({
  network = "hoodi",
  operatorId = "acme",
  entries = [first, second, third],
  by = acme,
  ...at
}: Signing = {}): ShownOrder {
  const unsigned = {operator_id: operatorId, requested_at: at.requestedAt ?? requestedAt, entries};
  const digests = orderDigestsOf(network, unsigned);
  const signature = Buffer.from(by.sign("order", orderContent(digests))).toString("base64");
  return {network, clusterId: "alpha", orderId: orderIdOf(digests), order: {...unsigned, signature}};
}

const changed = (shown: ShownOrder, change: Partial<Order>): ShownOrder => ({...shown, order: {...shown.order, ...change}});
/** The same, and its name as well, as somebody would who wants it to pass. */
const renamed = (shown: ShownOrder, change: Partial<Order>): ShownOrder => {
  const it = changed(shown, change);
  return {...it, orderId: orderIdOf(orderDigestsOf(it.network, it.order))};
};
const check = (shown: ShownOrder, {now = requestedAt + 1000} = {}): Promise<OrderEntry[]> =>
  checkOrder(participants, shown, {lifetimeMs, now});

describe("an order", () => {
  const digests = [first, second, third].map(entryDigestOf);
  const order = signed();

  it.each([
    {id: "all of it", entries: [first, second, third], shown: [first, second, third]},
    {id: "one entry", entries: [digests[0], second, digests[2]], shown: [second]},
    {id: "nothing", entries: digests, shown: []},
  ])("passes with $id shown, and gives that back", async ({entries, shown}) => {
    expect(await check(changed(order, {entries: entries as Order["entries"]}))).toEqual(shown);
  });

  it.each([
    {id: "exactly as old as the lifetime", now: requestedAt + lifetimeMs},
    {id: "from a clock that is 5 minutes ahead", now: requestedAt - 300_000},
  ])("passes when it is $id", async ({now}) => {
    expect(await check(order, {now})).toHaveLength(3);
  });

  it.each([
    {
      id: "an operator that participants.json does not have",
      shown: signed({operatorId: "stranger", by: stranger}),
      code: "OPERATOR_UNKNOWN",
    },
    {id: "an operator of another cluster", shown: signed({operatorId: "other", by: other}), code: "OPERATOR_NOT_ALLOWED"},
    {id: "a cluster that participants.json does not have", shown: {...order, clusterId: "gamma"}, code: "OPERATOR_NOT_ALLOWED"},
    {
      id: "a time more than 5 minutes ahead",
      shown: signed({requestedAt: requestedAt + lifetimeMs + 300_001}),
      code: "REQUESTED_AT_AHEAD",
    },
    {id: "a time 1 ms before the lifetime", shown: signed({requestedAt: requestedAt - 1}), code: "ORDER_EXPIRED"},
    {
      id: "a later time than it was signed with",
      shown: renamed(signed({requestedAt: requestedAt - 1}), {requested_at: requestedAt}),
      code: "ORDER_INVALID",
    },
    {id: "the signature of another operator", shown: signed({by: other}), code: "ORDER_INVALID"},
    {id: "another operator's name", shown: {...renamed(order, {operator_id: "other"}), clusterId: "beta"}, code: "ORDER_INVALID"},
    {
      id: "a signature for another purpose",
      shown: signed({by: {sign: (_, content) => acme.sign("message", content)}}),
      code: "ORDER_INVALID",
    },
    {
      id: "the signature of another order",
      shown: changed(order, {signature: signed({entries: [first, second]}).order.signature}),
      code: "ORDER_INVALID",
    },
    {id: "a signature of zeros", shown: changed(order, {signature: `${"A".repeat(86)}==`}), code: "ORDER_INVALID"},
    {id: "the id of another order", shown: {...order, orderId: signed({entries: [first]}).orderId}, code: "ORDER_INVALID"},
    {id: "another network", shown: {...order, network: "mainnet"}, code: "ORDER_INVALID"},
    {id: "another network, and its id", shown: renamed({...order, network: "mainnet"}, {}), code: "ORDER_INVALID"},
  ])("is refused with $id: $code", async ({shown, code}) => {
    await expect(check(shown, {now: requestedAt + lifetimeMs})).rejects.toMatchObject({code});
  });

  it.each([
    {id: "the next index", entries: [{...first, validator_index: 1001}, second, third]},
    {id: "another key", entries: [{...first, public_key: keyOf("a2")}, second, third]},
    {id: "a deposit that nobody asked for", entries: [{...first, deposit: aDeposit()}, second, third]},
    {id: "no deposit", entries: [first, {public_key: second.public_key, validator_index: 1001}, third]},
    {id: "another vault", entries: [first, {...second, deposit: aDeposit({vault: `0x${"a2".repeat(20)}`})}, third]},
    {id: "a gwei less", entries: [first, {...second, deposit: aDeposit({amount: 31_999_999_999})}, third]},
    {id: "another validator type", entries: [first, {...second, deposit: aDeposit({validator_type: "0x02"})}, third]},
    {id: "a digest swapped for another's", entries: [first, digests[2] as string, third]},
    {id: "a digest for an entry that is shown twice", entries: [first, second, digests[0] as string]},
    {id: "its entries in another order", entries: [second, first, third]},
    {id: "an entry less", entries: [first, second]},
    {id: "an entry more", entries: [first, second, third, {...third, validator_index: 1003}]},
    {id: "an entry twice", entries: [first, second, third, third]},
  ])("is refused with $id, under its own id or the one that fits: ORDER_INVALID", async ({entries}) => {
    for (const shown of [changed(order, {entries}), renamed(order, {entries})])
      await expect(check(shown)).rejects.toMatchObject({code: "ORDER_INVALID"});
  });

  it("is refused for its operator and its age before its signature is verified", async () => {
    const unsigned = {by: {sign: () => new Uint8Array(64)}};
    const late = {now: requestedAt + lifetimeMs + 1};
    await expect(check(signed({...unsigned, operatorId: "stranger"}), late)).rejects.toMatchObject({code: "OPERATOR_UNKNOWN"});
    await expect(check(signed({...unsigned, operatorId: "other"}), late)).rejects.toMatchObject({code: "OPERATOR_NOT_ALLOWED"});
    await expect(check(signed(unsigned), late)).rejects.toMatchObject({code: "ORDER_EXPIRED"});
  });

  it("names its operator and what is wrong, and quotes no signature", async () => {
    const {message, code} = await check(signed({by: other})).catch((error) => error);
    expect({message, code}).toEqual({
      message: "check the order of operator acme: its operator did not sign this",
      code: "ORDER_INVALID",
    });
  });
});
