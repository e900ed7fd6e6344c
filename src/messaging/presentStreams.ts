import type {Bus} from "./connect.js";
import {getManager} from "./manager.js";
import {streamSpecs} from "./topology.js";

/** The names of our streams that exist on the server. */
export async function presentStreams(bus: Pick<Bus, "connection">): Promise<string[]> {
  const jsm = await getManager(bus);
  const names = new Set<string>();
  for await (const name of jsm.streams.names()) names.add(name);
  return streamSpecs().flatMap(({name}) => (names.has(name) ? [name] : []));
}

/** Deletes our streams with all their messages. */
export async function deleteStreams(bus: Pick<Bus, "connection">): Promise<void> {
  const jsm = await getManager(bus);
  for (const name of await presentStreams(bus)) await jsm.streams.delete(name);
}
