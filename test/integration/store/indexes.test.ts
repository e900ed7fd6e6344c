import type {CommandStartedEvent, Document, IndexDescriptionInfo} from "mongodb";
import {expect, it} from "vitest";
import {findIndex} from "../../support/findIndex.js";
import {callWholeStore} from "../../support/storeCalls.js";

type Search = {filter: Document; sort?: Document | undefined};

/** The driver keeps a sort as a Map. */
const toSort = (sort: Map<string, number> | undefined): Document | undefined => sort && Object.fromEntries(sort);

/** Each alternative is searched for by itself: https://www.mongodb.com/docs/manual/reference/operator/query/or/#-or-clauses-and-indexes */
const alternativesOf = ({filter: {$or = [{}], ...filter}, ...rest}: Search): Search[] =>
  // An alternative that only bounds a list's page more closely adds nothing: the list goes by its index without it.
  rest.sort ? [{filter, ...rest}] : ($or as Document[]).map((it) => ({filter: {...filter, ...it}, ...rest}));

/** What the database has to find for a command. */
function searchesOf({commandName, command}: CommandStartedEvent): Search[] {
  const list = (name: string): Document[] => command[name] as Document[];
  switch (commandName) {
    case "find":
      return [{filter: command["filter"], sort: toSort(command["sort"])}];
    case "findAndModify":
      return [{filter: command["query"], sort: toSort(command["sort"])}];
    case "aggregate":
      return [{filter: list("pipeline")[0]?.["$match"]}];
    case "update":
      return list("updates").map(({q}) => ({filter: q}));
    case "delete":
      return list("deletes").map(({q}) => ({filter: q}));
    case "insert":
    case "createIndexes":
      return [];
    default:
      throw new Error(`the test does not know what ${commandName} searches for`);
  }
}

it("finds and sorts by an index whatever it asks the database for, so that 100,000 exits cost what 100 do", async () => {
  const {db, commands} = await callWholeStore();
  const indexes = new Map<string, IndexDescriptionInfo[]>();
  for (const name of ["requests", "orders", "exits", "deposits", "reservations"]) {
    indexes.set(name, await db.collection(name).indexes());
  }
  const scans: string[] = [];
  let searches = 0;
  for (const [name, events] of commands) {
    for (const event of events) {
      for (const search of searchesOf(event).flatMap(alternativesOf)) {
        searches++;
        const collection = event.command[event.commandName] as string;
        if (findIndex(search, indexes.get(collection) ?? []) === undefined) {
          scans.push(`${name} ${event.commandName} ${JSON.stringify(search)}`);
        }
      }
    }
  }
  expect(searches).toBeGreaterThan(40);
  expect(scans).toEqual([]);
});
