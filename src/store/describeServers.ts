import type {Db} from "mongodb";
import {askServer} from "./askServer.js";

/** How many servers store the data, for people: "replica set rs0 of 3", or "a single server". STORE_UNAVAILABLE. */
export async function describeServers(db: Pick<Db, "command">): Promise<string> {
  const {setName, hosts} = (await askServer(db, {hello: 1})) ?? {};
  return typeof setName === "string" ? `replica set ${setName} of ${Array.isArray(hosts) ? hosts.length : 1}` : "a single server";
}
