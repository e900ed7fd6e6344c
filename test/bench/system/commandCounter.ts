import {once} from "node:events";
import {connect, createServer} from "node:net";
import type {Shutdown} from "../../../src/runtime/shutdown.js";
import {createCommandReader} from "./mongoWire.js";

export type CommandCounter = {
  /** Of the proxy, in the place of the database's. */
  readonly url: string;
  /** Commands so far, by name. */
  readonly counts: ReadonlyMap<string, number>;
};

/** What the driver says by itself, whatever it is asked to do. */
const ofTheDriver = new Set(["hello", "isMaster", "ismaster", "ping", "endSessions"]);

/** A proxy on loopback that passes everything on and counts the commands. */
export async function startCommandCounter(databaseUrl: string, shutdown: Shutdown): Promise<CommandCounter> {
  const {hostname, port} = new URL(databaseUrl);
  const counts = new Map<string, number>();
  const server = createServer((client) => {
    const database = connect(Number(port), hostname);
    const read = createCommandReader((name) => {
      if (!ofTheDriver.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    });
    client.setNoDelay(true);
    database.setNoDelay(true);
    client.on("data", read);
    client.pipe(database);
    database.pipe(client);
    client.on("error", () => database.destroy());
    database.on("error", () => client.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  shutdown.onStop(() => {
    server.close();
  });
  return {url: `mongodb://127.0.0.1:${(server.address() as {port: number}).port}`, counts};
}
