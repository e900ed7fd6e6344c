import {randomBytes} from "node:crypto";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {type Db, MongoClient} from "mongodb";
import {inject, onTestFinished} from "vitest";
import {type NatsServer, startNatsServer} from "../../src/demo/servers/natsServer.js";
import {withDatabase} from "../../src/demo/useServers.js";
import {type Bus, connectBus} from "../../src/messaging/connect.js";
import {createLogger} from "../../src/runtime/logger.js";

export const silent = createLogger({role: "test", level: "silent", format: "json"});

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dvt-test-"));
  onTestFinished(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

export type TestNats = {
  readonly url: string;
  /** SIGKILL, then started again on the same port with the same streams. */
  restart(): Promise<void>;
};

/** A nats-server of the test's own. */
export async function startTestNats(): Promise<TestNats> {
  const storeDir = await temporaryFolder();
  const binary = inject("natsServer");
  let server: NatsServer = await startNatsServer(binary, {storeDir});
  onTestFinished(() => server.stop());
  return {
    url: server.url,
    async restart() {
      server.process.kill("SIGKILL");
      await server.ended;
      server = await startNatsServer(binary, {storeDir, port: server.port});
    },
  };
}

/** A connection that ends with the test. */
export async function connectTestBus(url: string, participant = "test"): Promise<Bus> {
  const bus = await connectBus({url, participant, logger: silent});
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
