import {expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {entryDigestOf} from "../../../src/exits/order.js";
import {findEntry, ordersOf} from "../../../src/policy/standingOrder.js";
import {aDeposit, publicKey} from "../../support/examples/messages.js";

const requesters = (of: Record<string, number>) =>
  new Map(Object.entries(of).map(([id, requestedAt]) => [id, {requestedAt, orderId: `order of ${id}`}]));

it.each([
  {id: "nobody", of: {}, inTurn: []},
  {id: "the latest requester, then of the one before", of: {a: 1, b: 3, c: 2}, inTurn: ["b", "c", "a"]},
  {id: "the first id of two at the same time", of: {b: 3, a: 3, c: 2}, inTurn: ["a", "b", "c"]},
])("an exit stands on the order of $id", ({of, inTurn}) => {
  expect(ordersOf(requesters(of)).map(({orderId}) => orderId)).toEqual(inTurn.map((it) => `order of ${it}`));
});

const exit = {network: networks.hoodi, publicKey, validatorIndex: 42};
const entry = {public_key: publicKey, validator_index: 42};
const deposit = aDeposit();
const other = aDeposit({amount: 64_000_000_000});

it.each([
  {id: "the exit alone", ordered: entry, deposit: undefined, found: entry},
  {id: "the exit alone, although a deposit was asked for", ordered: entry, deposit, found: entry},
  {id: "the exit with its deposit", ordered: {...entry, deposit}, deposit, found: {...entry, deposit}},
  {id: "the exit as a rotation", ordered: {...entry, rotation: true as const}, found: {...entry, rotation: true}},
  {id: "nothing of an order with a deposit that nobody asks for now", ordered: {...entry, deposit}, found: undefined},
  {id: "nothing of an order with another deposit", ordered: {...entry, deposit: other}, deposit, found: undefined},
  {id: "nothing of another index", ordered: {...entry, validator_index: 43}, deposit, found: undefined},
])("an order has $id", ({ordered, deposit, found}) => {
  const digests = [`0x${"00".repeat(32)}`, entryDigestOf(ordered)];
  expect(findEntry({digests}, exit, deposit)).toEqual(found);
});
