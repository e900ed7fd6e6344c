import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {DvtError} from "../errors.js";
import type {Shutdown} from "../runtime/shutdown.js";
import type {Child} from "../sandbox/childProcess.js";
import {findServers} from "../sandbox/servers/findServers.js";
import type {MongoLauncher} from "../sandbox/servers/mongoServer.js";
import {startNatsServer} from "../sandbox/servers/natsServer.js";
import {withDatabase} from "../sandbox/servers/withDatabase.js";

/** Two servers that run. */
export type DevServers = {
  readonly natsUrl: string;
  /** With a database. */
  readonly mongodbUrl: string;
  readonly database: MongoLauncher["kind"];
  /** Rejects with DEMO_FAILED when one of them ends by itself. */
  readonly endedEarly: Promise<never>;
};

type Options = {folder: string /** 0: any port. */; natsPort: number; mongodbPort: number};

/** Starts a NATS server without accounts and a database, on loopback, until the shutdown; their data stays in the folder. */
export async function startDevServers(
  {folder, natsPort, mongodbPort}: Options,
  shutdown: Shutdown,
  announce: (step: string) => void,
): Promise<DevServers> {
  const {natsServer, mongo} = await findServers({nats: true, mongo: true}, announce);
  shutdown.signal.throwIfAborted();
  await mkdir(folder, {recursive: true, mode: 0o700});
  const launcher = mongo as MongoLauncher;
  // The files of mongod and of the embedded database do not fit each other.
  const database = await launcher.start(join(folder, launcher.kind), mongodbPort);
  shutdown.onStop(database.stop);
  const nats = await startNatsServer(natsServer as string, {storeDir: join(folder, "nats"), port: natsPort || -1});
  shutdown.onStop(nats.stop);
  const endedEarly = Promise.race([toFailure("the NATS server", nats), toFailure("the database", database)]);
  endedEarly.catch(() => {});
  return {natsUrl: nats.url, mongodbUrl: withDatabase(database.url, "dvt"), database: launcher.kind, endedEarly};
}

const toFailure = async (what: string, server: Child): Promise<never> => {
  const code = await server.ended;
  throw new DvtError("DEMO_FAILED", `${what} ended (${code}):\n${server.output()}`);
};
