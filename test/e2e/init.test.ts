import {readdir, readFile, stat, writeFile} from "node:fs/promises";
import {delimiter, dirname, join} from "node:path";
import {expect, inject, it} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {writeCluster} from "../../src/sandbox/makeCluster.js";
import {freePort} from "../../src/sandbox/servers/freePort.js";
import {writeOracles} from "../../src/sandbox/writeOracles.js";
import {dvt} from "../support/dvt.js";
import {createTestDatabase, temporaryFolder} from "../support/servers.js";
import {startUnit} from "../support/units.js";

/** Content and time of each file, by path. */
async function snapshot(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, {withFileTypes: true, recursive: true});
  const paths = entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name));
  const contents = await Promise.all(
    paths.map(async (path) => `${(await stat(path)).mtimeMs} ${await readFile(path, "latin1")}`),
  );
  return new Map(paths.map((path, position) => [path, contents[position] as string]));
}

async function writeLock(name: string): Promise<string> {
  const folder = await temporaryFolder();
  const options = {validators: 1, nodes: 4, threshold: 3, keystoreRounds: 2};
  const {clusterLock} = await writeCluster(join(folder, name), networks.hoodi, options);
  return clusterLock;
}

it("makes a centre that starts as its units say, stays as it is when run again, and takes another cluster", async () => {
  const folder = join(await temporaryFolder(), "centre");
  const oracles = join(await temporaryFolder(), "oracles.json");
  await writeOracles(oracles, {count: 5, threshold: 3});
  const port = await freePort();
  const options = ["--network", "hoodi", "--nats-url", `tls://localhost:${port}`, "--operator", "acme", "--oracles", oracles];
  const init = (...args: string[]): ReturnType<typeof dvt> => dvt(["init", "--folder", folder, ...args], {});
  const first = await init(...options, "--cluster-lock", `alpha=${await writeLock("alpha")}`, "--mongodb", "127.0.0.1:27017");
  expect(first.code, first.output).toBe(0);
  expect(first.output).toContain("systemctl enable --now dvt-nats dvt-streams dvt-relayer dvt-aggregator dvt-console");

  // What is not the test's own: the folder of the streams and a port of this machine.
  const natsConfig = join(folder, "nats", "nats.conf");
  const config = await readFile(natsConfig, "utf8");
  await writeFile(
    natsConfig,
    config.replaceAll("/var/lib/nats", await temporaryFolder()).replace("127.0.0.1:8222", "127.0.0.1:-1"),
  );
  const mongodb = join(await temporaryFolder(), "mongodb.url");
  await writeFile(mongodb, (await createTestDatabase()).url);
  const start = (unit: string, env: Record<string, string> = {}): Promise<Child> =>
    startUnit(join(folder, "systemd", `dvt-${unit}.service`), {env, credentials: {"mongodb.url": mongodb}});

  const path = [dirname(inject("natsServer")), process.env["PATH"]].join(delimiter);
  // Whoever comes first waits for the server.
  const streams = await start("streams");
  await start("nats", {PATH: path});
  expect(await streams.ended, streams.output()).toBe(0);

  const running = {STATUS_PORT: "0", CONSOLE_PORT: "0", RELOAD_EVERY: "200ms", LOG_FORMAT: "json"};
  const roles = new Map<string, Child>();
  for (const role of ["relayer", "aggregator", "console"]) roles.set(role, await start(role, running));
  for (const [role, child] of roles) {
    const [, statusPort] = await child.line(/"port":(\d+).*"msg":"status port open"/);
    const ready = async (): Promise<string> => (await fetch(`http://127.0.0.1:${statusPort}/readyz`)).text();
    await expect.poll(ready).toBe(`${role} is ready\n`);
  }

  const before = await snapshot(folder);
  const second = await init();
  expect(second.code, second.output).toBe(0);
  expect(second.output).toContain("nothing was changed");
  expect(await snapshot(folder)).toEqual(before);

  const third = await init("--cluster-lock", `beta=${await writeLock("beta")}`);
  expect(third.code, third.output).toBe(0);
  expect(third.output).toContain("version 2: operator acme, cluster alpha, cluster beta");
  await roles.get("relayer")?.line(/"clusters":2,.*participants.json reloaded/);
  const after = await snapshot(folder);
  const changed = [...after].filter(([file, content]) => before.get(file) !== content).map(([file]) => file.slice(folder.length));
  expect(changed.sort()).toEqual(["/shared/beta-cluster-lock.json", "/shared/participants.json"]);
});

it("asks nobody in a script, and names what it lacks", async () => {
  const folder = join(await temporaryFolder(), "centre");
  const {code, output} = await dvt(["init", "--folder", folder, "--network", "hoodi"], {});
  expect(code).toBe(64);
  expect(output).toContain("--nats-url and --cluster-lock");
  await expect(stat(folder)).rejects.toMatchObject({code: "ENOENT"});
});
