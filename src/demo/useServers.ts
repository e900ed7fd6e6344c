import {randomBytes} from "node:crypto";
import {join} from "node:path";
import {DvtError} from "../errors.js";
import {connectBus} from "../messaging/connect.js";
import {deleteStreams, presentStreams} from "../messaging/presentStreams.js";
import {createLogger} from "../runtime/logger.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {connectStore} from "../store/connect.js";
import {startNatsServer} from "./servers/natsServer.js";
import {findServers} from "./servers/servers.js";

type Options = {natsUrl?: string; mongoUrl?: string; folder: string};

/** Servers for one demo: started here and ended with it, or those that the user named, left as they were found. */
export async function useServers({natsUrl, mongoUrl, folder}: Options, shutdown: Shutdown, announce: (step: string) => void) {
  const {natsServer, mongo} = await findServers({nats: natsUrl === undefined, mongo: mongoUrl === undefined}, announce);
  if (natsUrl !== undefined) await borrowNats(natsUrl, shutdown);
  const server = mongo && (await mongo.start(join(folder, "mongo")));
  if (server) {
    shutdown.onStop(server.stop);
    announce(`started ${mongo.kind === "mongod" ? "mongod" : "the embedded database"} on loopback`);
  }
  const nats = natsServer === undefined ? undefined : await startNatsServer(natsServer, {storeDir: join(folder, "nats")});
  if (nats) {
    shutdown.onStop(nats.stop);
    announce("started nats-server on loopback");
  }
  const database = `dvt_demo_${randomBytes(4).toString("hex")}`;
  const databaseUrl = withDatabase(mongoUrl ?? (server?.url as string), database);
  if (mongoUrl !== undefined) await borrowDatabase(databaseUrl, shutdown);
  return {natsUrl: natsUrl ?? (nats?.url as string), mongoUrl: databaseUrl};
}

const quiet = createLogger({role: "demo", level: "error", format: "plain"});

/** Where streams of ours are, somebody's exits are under way: the demo keeps away. Its own streams go with it. */
async function borrowNats(url: string, shutdown: Shutdown): Promise<void> {
  const bus = await connectBus({url, participant: "admin", logger: quiet});
  shutdown.onStop(bus.close);
  const present = await presentStreams(bus);
  if (present.length > 0) {
    throw new DvtError(
      "STREAMS_FOREIGN",
      `use DEMO_NATS_URL: it has ${present.join(", ")} already; the demo needs a server without them`,
    );
  }
  shutdown.onStop(() => deleteStreams(bus));
}

async function borrowDatabase(url: string, shutdown: Shutdown): Promise<void> {
  const store = await connectStore(url, quiet);
  shutdown.onStop(async () => {
    await store.db.dropDatabase();
    await store.close();
  });
}

/** The same URL with this database as its path. */
export function withDatabase(url: string, database: string): string {
  const [, head, , query = ""] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(\/[^?]*)?(\?.*)?$/.exec(url) ?? [];
  if (head === undefined) throw new DvtError("CONFIG_INVALID", "read DEMO_MONGODB_URL: it is not a MongoDB connection string");
  return `${head}/${database}${query}`;
}
