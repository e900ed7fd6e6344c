import {execFileSync} from "node:child_process";
import {mkdir, mkdtemp, rm, statfs, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {TestProject} from "vitest/node";
import {toAccountsConfig} from "../../src/messaging/accounts.js";
import {loadParticipants} from "../../src/participants/participants.js";
import {findServers} from "../../src/sandbox/servers/findServers.js";
import {startNatsServer} from "../../src/sandbox/servers/natsServer.js";
import {cast, writeCast} from "./cast.js";

declare module "vitest" {
  interface ProvidedContext {
    natsServer: string;
    mongoUrl: string;
    /** Where the database server keeps its files; empty when it is not ours. */
    mongoFolder: string;
    /** Where participants.json and the seeds of every stage are. */
    castFolder: string;
    /** By worker, the nats-server of its stages; its accounts are the cast's. */
    stageNatsUrls: string[];
  }
}

/** A folder without a disk, if this machine has one with room: servers sync every write, and no file outlives its test. */
async function folderInMemory(): Promise<string> {
  const folder = "/dev/shm";
  const {bavail, bsize} = await statfs(folder).catch(() => ({bavail: 0, bsize: 0}));
  return bavail * bsize > 1024 ** 3 ? folder : tmpdir();
}

/** Once for all test files: the build that processes run, one database server, one cast, and a nats-server for each worker's stages. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, ["scripts/setup.mjs"], {stdio: "inherit"});
  process.env["TMPDIR"] ??= await folderInMemory();
  const named = process.env["TEST_MONGODB_URL"];
  const announce = (step: string): void => void process.stderr.write(`• ${step}\n`);
  const {natsServer, mongo} = await findServers({nats: true, mongo: named === undefined}, announce);
  const folder = await mkdtemp(join(tmpdir(), "dvt-test-"));
  const server = await mongo?.start(join(folder, "mongo"));
  const castFolder = join(folder, "cast");
  await mkdir(castFolder);
  const {participantsFile} = await writeCast(castFolder);
  const configFile = join(castFolder, "accounts.conf");
  await writeFile(configFile, toAccountsConfig(await loadParticipants(participantsFile, cast.network)));
  const workers = Array.from({length: project.vitest.config.maxWorkers}, (_, worker) => join(folder, `nats-${worker}`));
  const stageServers = await Promise.all(
    workers.map((storeDir) => startNatsServer(natsServer as string, {storeDir, configFile})),
  );
  project.provide(
    "stageNatsUrls",
    stageServers.map(({url}) => url),
  );
  project.provide("castFolder", castFolder);
  project.provide("natsServer", natsServer as string);
  project.provide("mongoFolder", server ? join(folder, "mongo") : "");
  project.provide("mongoUrl", named ?? (server?.url as string));
  return async () => {
    await Promise.all([server, ...stageServers].map((it) => it?.stop()));
    await rm(folder, {recursive: true, force: true});
  };
}
