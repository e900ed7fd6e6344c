import {randomBytes} from "node:crypto";
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {DvtError} from "../errors.js";
import {toAccountsConfig} from "../messaging/accounts.js";
import {connectBus} from "../messaging/connect.js";
import {toIdentity} from "../messaging/identity.js";
import {deleteStreams, presentStreams} from "../messaging/presentStreams.js";
import type {Participants} from "../participants/participants.js";
import {createLogger} from "../runtime/logger.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {findServers} from "../sandbox/servers/findServers.js";
import {type NatsServer, startNatsServer} from "../sandbox/servers/natsServer.js";
import {withDatabase} from "../sandbox/servers/withDatabase.js";
import {connectStore} from "../store/connect.js";

type Options = {
  natsUrl?: string;
  mongoUrl?: string;
  folder: string;
  participants: Participants;
  /** The administrator's seed. */
  adminSeedFile: string;
  /** Whether the key shares are somebody's own. */
  hasRealKeys: boolean;
};

/** Servers for one demo: started here and stopped with it, or named by the user and left as they were found. */
export async function useServers(options: Options, shutdown: Shutdown, announce: (step: string) => void) {
  const {natsUrl, mongoUrl, folder, participants, hasRealKeys: forRealKeys} = options;
  const need = {nats: natsUrl === undefined, mongo: mongoUrl === undefined, forRealKeys};
  const {natsServer, mongo} = await findServers(need, announce);
  if (natsUrl !== undefined) await borrowNats(natsUrl, options, shutdown);
  const server = mongo && (await mongo.start(join(folder, "mongo")));
  if (server) {
    shutdown.onStop(server.stop);
    announce(`started ${mongo.kind === "mongod" ? "mongod" : "the embedded database"} on loopback`);
  }
  const nats = natsServer === undefined ? undefined : await startWithAccounts(natsServer, folder, participants);
  if (nats) {
    shutdown.onStop(nats.stop);
    announce("started nats-server on loopback, with an account for each participant");
  }
  const database = `dvt_demo_${randomBytes(4).toString("hex")}`;
  const databaseUrl = withDatabase(mongoUrl ?? (server?.url as string), database);
  if (mongoUrl !== undefined) await borrowDatabase(databaseUrl, shutdown);
  return {natsUrl: natsUrl ?? (nats?.url as string), mongoUrl: databaseUrl, sharedAccount: natsUrl !== undefined};
}

async function startWithAccounts(natsServer: string, folder: string, participants: Participants): Promise<NatsServer> {
  const configFile = join(folder, "nats.conf");
  await writeFile(configFile, toAccountsConfig(participants));
  return startNatsServer(natsServer, {storeDir: join(folder, "nats"), configFile});
}

const quiet = createLogger({role: "demo", level: "error", format: "plain"});

/** Refuses a server that has streams of this system: somebody's exits may be on it. Deletes the demo's own at the end. */
async function borrowNats(url: string, {participants, adminSeedFile}: Options, shutdown: Shutdown): Promise<void> {
  const identity = toIdentity("admin", await readFile(adminSeedFile, "utf8"));
  const bus = await connectBus({url, identity, participants, sharedAccount: true, logger: quiet});
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
