import {execFileSync} from "node:child_process";
import {mkdir, mkdtemp, rm, statfs} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {TestProject} from "vitest/node";
import {findServers} from "../../src/sandbox/servers/findServers.js";
import {writeCast} from "./cast.js";

declare module "vitest" {
  interface ProvidedContext {
    natsServer: string;
    mongoUrl: string;
    /** Where the database server keeps its files; empty when it is not ours. */
    mongoFolder: string;
    /** Where participants.json and the seeds of every stage are. */
    castFolder: string;
  }
}

/** A folder without a disk, if this machine has one with room: servers sync every write, and no file outlives its test. */
async function folderInMemory(): Promise<string> {
  const folder = "/dev/shm";
  const {bavail, bsize} = await statfs(folder).catch(() => ({bavail: 0, bsize: 0}));
  return bavail * bsize > 1024 ** 3 ? folder : tmpdir();
}

/** Once for all test files: the build that processes run, a nats-server to start, one database server and one cast for all. */
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
  await writeCast(castFolder);
  project.provide("castFolder", castFolder);
  project.provide("natsServer", natsServer as string);
  project.provide("mongoFolder", server ? join(folder, "mongo") : "");
  project.provide("mongoUrl", named ?? (server?.url as string));
  return async () => {
    await server?.stop();
    await rm(folder, {recursive: true, force: true});
  };
}
