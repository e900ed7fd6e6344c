import type {Bus} from "./connect.js";
import {getManager} from "./manager.js";
import {streamSpecs} from "./topology.js";

/** Names of our streams that the server has. */
export async function presentStreams(bus: Pick<Bus, "connection">): Promise<string[]> {
  const jsm = await getManager(bus);
  const names = await jsm.streams.names().next();
  return streamSpecs(1).flatMap(({name}) => (names.includes(name) ? [name] : []));
}

/** Deletes our streams, with everything in them. */
export async function deleteStreams(bus: Pick<Bus, "connection">): Promise<void> {
  const jsm = await getManager(bus);
  for (const name of await presentStreams(bus)) await jsm.streams.delete(name);
}
