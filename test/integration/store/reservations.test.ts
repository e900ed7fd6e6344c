import {expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {connectStore} from "../../../src/store/connect.js";
import {createReservations, type Reservation} from "../../../src/store/reservations.js";
import {readable} from "../../support/found.js";
import {createTestDatabase, silent} from "../../support/servers.js";
import {aDeposit} from "../../support/stage.js";

const keys = Array.from({length: 20}, (_, number) => `0x${String(number).padStart(96, "0")}`);
const [key = ""] = keys;
const otherVault = `0x${"b2".repeat(20)}`;
const aReservation = (change: Partial<Reservation["deposit"]> = {}, validatorIndex = 1000, publicKey = key): Reservation => ({
  publicKey,
  validatorIndex,
  deposit: aDeposit({amount: 40_000_000_000, validator_type: "0x02", ...change}),
});

async function createStore() {
  const {url, db} = await createTestDatabase();
  const stores = await Promise.all([connectStore(url, silent), connectStore(url, silent)]);
  for (const {close} of stores) onTestFinished(close);
  const [one, other] = stores.map((store) => createReservations(store.db, networks.hoodi, silent));
  if (!one || !other) throw new Error("no store");
  return {one, other, document: () => db.collection<{_id: string}>("reservations").findOne({_id: `hoodi:${key}`})};
}

it("reserves a key for one vault and type, for life, and keeps the least amount that is asked for at an index", async () => {
  const {one, other, document} = await createStore();
  const reserve = async (wanted: Reservation): Promise<Reservation | undefined> =>
    readable((await other.reserve([wanted])).get(key));
  const first = aReservation();
  expect(await one.findAll(keys)).toEqual(new Map());
  expect(await one.reserve([first])).toEqual(new Map([[key, first]]));
  expect(await document()).toEqual({
    _id: `hoodi:${key}`,
    network: "hoodi",
    public_key: key,
    validator_index: 1000,
    vault: first.deposit.vault,
    amount: 40_000_000_000,
    validator_type: "0x02",
  });
  expect(await reserve(aReservation({vault: otherVault}))).toEqual(first);
  expect(await reserve(aReservation({validator_type: "0x01"}, 1001))).toEqual(first);
  expect(await reserve(aReservation({amount: 50_000_000_000}))).toEqual(first);
  const less = aReservation({amount: 39_000_000_000});
  expect(await reserve(less)).toEqual(less);
  const later = aReservation({amount: 60_000_000_000}, 1001);
  expect(await reserve(later)).toEqual(later);
  expect(await one.findAll(keys)).toEqual(new Map([[key, later]]));
});

it("gives no key to two who reserve at once, and both the same amount of one vault's", async () => {
  const {one, other} = await createStore();
  const half = keys.slice(0, 10);
  const wanted = (of: readonly string[], change: Partial<Reservation["deposit"]>): Reservation[] =>
    of.map((publicKey) => aReservation(change, 1000, publicKey));
  const less = wanted(keys.slice(10), {amount: 38_000_000_000});
  await Promise.all([
    ...[one.reserve(wanted(half, {})), other.reserve(wanted(half, {vault: otherVault}))],
    ...[one.reserve(wanted(keys.slice(10), {amount: 39_000_000_000})), other.reserve(less)],
  ]);
  // Of two inserts at once one fails, whichever that is: who wants less looks, and writes again.
  await other.reserve(less);
  const [seen, again] = await Promise.all([one.findAll(keys), other.findAll(keys)]);
  expect(seen).toEqual(again);
  expect([...seen.keys()].sort()).toEqual(keys);
  const amounts = keys.slice(10).map((publicKey) => readable(seen.get(publicKey))?.deposit.amount);
  expect(amounts).toEqual(Array(10).fill(38_000_000_000));
});
