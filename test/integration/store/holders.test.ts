import {expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {connectStore} from "../../../src/store/connect.js";
import {createHolders} from "../../../src/store/holders.js";
import {createTestDatabase, silent} from "../../support/servers.js";

const keys = Array.from({length: 1200}, (_, number) => `0x${String(number).padStart(96, "0")}`);
const [first = "", second = ""] = keys;
const wantedBy = (id: string | undefined, some = keys) => new Map(some.map((key) => [key, id]));

it("keeps a validator for the cluster that had it first, until it is moved", async () => {
  const {url, db} = await createTestDatabase();
  const stores = await Promise.all([connectStore(url, silent), connectStore(url, silent)]);
  for (const {close} of stores) onTestFinished(close);
  const [one, other] = stores.map((store) => createHolders(store.db, networks.hoodi, silent));
  if (!one || !other) throw new Error("no store");

  expect(await one.find([first])).toEqual(new Map());
  expect(await one.claim(wantedBy(undefined, [first]))).toEqual(new Map());
  expect(await one.claim(wantedBy("a", [first]))).toEqual(new Map([[first, "a"]]));
  expect(await db.collection("holders").findOne({})).toEqual({
    _id: `hoodi:${first}`,
    network: "hoodi",
    public_key: first,
    cluster_id: "a",
  });
  expect(await other.claim(wantedBy("b", [first, second]))).toEqual(
    new Map([
      [first, "a"],
      [second, "b"],
    ]),
  );
  expect(await createHolders(stores[0]?.db as typeof db, networks.gnosis, silent).find([first])).toEqual(new Map());

  const [seen, again] = await Promise.all([one.claim(wantedBy("a")), other.claim(wantedBy("b"))]);
  expect(seen).toEqual(again);
  expect(seen.size).toBe(keys.length);

  expect(await one.move([first, second], "c")).toEqual(
    new Map([
      [first, "a"],
      [second, "b"],
    ]),
  );
  expect((await other.findOf("c")).sort()).toEqual([first, second]);
  expect(await other.claim(wantedBy("b", [first]))).toEqual(new Map([[first, "c"]]));

  await db.collection<{_id: string}>("holders").updateOne({_id: `hoodi:${first}`}, {$set: {cluster_id: "b\n"}});
  expect((await one.claim(wantedBy("b", [first]))).get(first)).toBe("(unreadable)");
  await one.move([first], "b");
  expect(await one.find([first])).toEqual(new Map([[first, "b"]]));
});
