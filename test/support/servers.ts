import {randomBytes} from "node:crypto";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {type Db, MongoClient} from "mongodb";
import {inject, onTestFinished} from "vitest";
import {type OpenInvitation, toAccountsConfig} from "../../src/messaging/accounts.js";
import {type Bus, connectBus} from "../../src/messaging/connect.js";
import {toIdentity} from "../../src/messaging/identity.js";
import type {Participants} from "../../src/participants/participants.js";
import {createLogger, type Logger} from "../../src/runtime/logger.js";
import {type NatsServer, startNatsServer} from "../../src/sandbox/servers/natsServer.js";
import {withDatabase} from "../../src/sandbox/servers/withDatabase.js";

export const silent = createLogger({role: "test", level: "silent", format: "json"});

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dvt-test-"));
  onTestFinished(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

export type TestNats = {
  readonly url: string;
  readonly configFile: string;
  readonly storeDir: string;
  pid(): number;
  /** SIGKILL, then started again on the same port with the same streams. */
  restart(): Promise<void>;
};

/** A nats-server of the test's own, with an account for each participant. */
export async function startTestNats(
  participants: Participants,
  openInvitations: readonly OpenInvitation[] = [],
): Promise<TestNats> {
  const storeDir = await temporaryFolder();
  const configFile = join(storeDir, "accounts.conf");
  await writeFile(configFile, toAccountsConfig(participants, openInvitations));
  return run({storeDir, configFile});
}

/** One where nobody needs to say who they are. */
export const startOpenNats = async (): Promise<TestNats> => run({storeDir: await temporaryFolder()});

async function run(options: {storeDir: string; configFile?: string}): Promise<TestNats> {
  const binary = inject("natsServer");
  let server: NatsServer = await startNatsServer(binary, options);
  // Nothing of it is needed any more: it need not put its streams in order.
  onTestFinished(async () => {
    server.process.kill("SIGKILL");
    await server.ended;
  });
  return {
    url: server.url,
    configFile: options.configFile ?? "",
    storeDir: options.storeDir,
    pid: () => server.process.pid as number,
    async restart() {
      server.process.kill("SIGKILL");
      await server.ended;
      server = await startNatsServer(binary, {...options, port: server.port});
    },
  };
}

type ConnectTestBus = {
  url: string;
  participants: Participants;
  seedFile: (participant: string) => string;
  sharedAccount?: boolean;
  patienceMs?: number;
  logger?: Logger;
};

/** A connection as this participant, which ends with the test. */
export async function connectTestBus(participant: string, {seedFile, ...options}: ConnectTestBus): Promise<Bus> {
  const identity = toIdentity(participant, await readFile(seedFile(participant), "utf8"));
  const bus = await connectBus({logger: silent, ...options, identity});
  onTestFinished(bus.close);
  return bus;
}

/** An empty database of the test's own, and a client that looks into it past our store. */
export async function createTestDatabase(): Promise<{url: string; db: Db}> {
  const url = withDatabase(inject("mongoUrl"), `dvt_test_${randomBytes(6).toString("hex")}`);
  const client = await MongoClient.connect(url);
  onTestFinished(async () => {
    await client.db().dropDatabase();
    await client.close();
  });
  return {url, db: client.db()};
}
