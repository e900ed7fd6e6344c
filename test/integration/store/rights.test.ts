import type {CommandStartedEvent} from "mongodb";
import {expect, it} from "vitest";
import type {Aggregator} from "../../../src/aggregator/aggregator.js";
import type {Gateway} from "../../../src/gateway/gateway.js";
import type {Relayer} from "../../../src/relayer/relayer.js";
import type {Orders} from "../../../src/store/orders.js";
import {storeRights} from "../../../src/store/rights.js";
import {
  type Calls,
  callWholeStore,
  depositsCalls,
  exitsCalls,
  ordersCalls,
  requestsCalls,
  reservationsCalls,
} from "../../support/storeCalls.js";

/** What each role is given of each collection: the compiler sees to it that none is missing, and none is too many. */
type Given<S> = {readonly [name in keyof S]-?: true};
const all = <S extends object>(calls: Calls<S>): Given<S> =>
  Object.fromEntries(Object.keys(calls).map((name) => [name, true])) as Given<S>;
/** `findOpenIn` asks it for every role that follows cluster definitions. */
const followed = {findOpen: true} as const;
const given = {
  relayer: {
    requests: all(requestsCalls) satisfies Given<Relayer["requests"]>,
    orders: all(ordersCalls) satisfies Given<Relayer["orders"]>,
    exits: {findResults: true, findComplete: true, findOtherSets: true} satisfies Given<Relayer["exits"]>,
    deposits: {findSignatures: true} satisfies Given<Relayer["deposits"]>,
    reservations: {},
  },
  aggregator: {
    orders: {},
    requests: {find: true, findAll: true, ...followed} satisfies Given<Aggregator["requests"]> & typeof followed,
    exits: all(exitsCalls) satisfies Given<Aggregator["exits"]>,
    deposits: all(depositsCalls) satisfies Given<Aggregator["deposits"]>,
    reservations: {},
  },
  gateway: {
    requests: {findAll: true, findOpenWithDeposit: true, ...followed} satisfies Given<Gateway["requests"]> & typeof followed,
    orders: {find: true} satisfies Given<Pick<Orders, "find">>,
    exits: {findAll: true} satisfies Given<Gateway["exits"]>,
    deposits: {findAll: true} satisfies Given<Gateway["deposits"]>,
    reservations: all(reservationsCalls) satisfies Given<Gateway["reservations"]>,
  },
};

/** What a command needs on its collection: https://www.mongodb.com/docs/manual/reference/privilege-actions/ */
function actionsOf({commandName, command}: CommandStartedEvent): string[] {
  if (commandName === "createIndexes") return ["createIndex"];
  if (commandName === "delete") return ["remove"];
  if (commandName === "aggregate") return ["find"];
  if (commandName === "findAndModify") return ["find", "update", ...(command["upsert"] ? ["insert"] : [])];
  const isUpsert = (command["updates"] as {upsert?: boolean}[] | undefined)?.some(({upsert}) => upsert);
  return [commandName, ...(isUpsert ? ["insert"] : [])];
}

it("gives each role on MongoDB the rights that its part of the store needs, and no others", async () => {
  const {commands} = await callWholeStore();
  const needed = new Map([...commands].map(([name, events]) => [name, new Set(events.flatMap(actionsOf))]));
  const ofViews = [...needed].filter(([name]) => /^\w+Views\./.test(name));
  for (const [name, actions] of ofViews) expect([...actions], name).toEqual(["find"]);

  for (const [role, stores] of Object.entries(given)) {
    for (const [collection, names] of Object.entries(stores)) {
      const actions = new Set(Object.keys(names).flatMap((name) => [...(needed.get(`${collection}.${name}`) ?? [])]));
      const granted = storeRights[role as keyof typeof storeRights][collection] ?? [];
      expect([...actions].sort(), `${role} on ${collection}`).toEqual([...granted]);
    }
  }
});

it("lets the relayer write no exits, and the aggregator no requests", () => {
  expect(storeRights.relayer["exits"]).toEqual(["find"]);
  expect(storeRights.aggregator["requests"]).toEqual(["find"]);
});
