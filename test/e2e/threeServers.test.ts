import {mkdir, readFile, rm, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {expect, inject, it} from "vitest";
import type {Child} from "../../src/sandbox/childProcess.js";
import {freePort} from "../../src/sandbox/servers/freePort.js";
import {openDocumented} from "../support/documented.js";
import {dvt} from "../support/dvt.js";
import {createTestDatabase} from "../support/servers.js";
import {
  joinNode,
  moveIn,
  readyzOf,
  requestExits,
  runUnitStreams,
  startSystemctl,
  startUnitNats,
  startUnitRole,
  writeUnitFiles,
} from "../support/unitCentre.js";

/** Each machine is an address of loopback, and a folder. */
const machines = [1, 2, 3];

it("becomes a bus of three servers as the document says, goes on while each is restarted or replaced, and after two were away", async () => {
  const files = await writeUnitFiles(3);
  const {root} = files;
  const folder = join(root, "etc", "dvt");
  await mkdir(dirname(folder));
  const [port, monitor] = [await freePort(), await freePort()];
  const {url: mongoUrl} = await createTestDatabase();
  const folderOf = (machine: number): string => (machine === 1 ? folder : join(root, `machine-${machine}${folder}`));
  const stateOf = (machine: number): string => join(root, `state-${machine}`);
  const servers = new Map<number, Child>();
  const children = new Map<string, Child>();

  const startNats = async (machine: number): Promise<void> => {
    const configFile = join(folderOf(machine), "nats", "nats.conf");
    const config = (await readFile(configFile, "utf8")).replaceAll(`"${folder}/`, `"${folderOf(machine)}/`);
    const moved = config.replaceAll(stateOf(1), stateOf(machine));
    await writeFile(configFile, moved.replaceAll("127.0.0.1:8222", `127.0.0.${machine}:${monitor}`));
    await mkdir(join(stateOf(machine), "nats"), {recursive: true});
    servers.set(machine, await startUnitNats(configFile));
  };
  const stopNats = async (machine: number): Promise<void> => {
    servers.get(machine)?.process.kill("SIGTERM");
    await servers.get(machine)?.ended;
  };
  const systemctl = await startSystemctl(async (text, verb, unit) => {
    const machine = Number(text);
    if (unit === "dvt-nats") {
      if (verb !== "start") await stopNats(machine);
      if (verb !== "stop") await startNats(machine);
    } else if (verb === "start") {
      const role = unit.slice("dvt-".length);
      if (role === "streams") await runUnitStreams(folder);
      if (["relayer", "aggregator"].includes(role)) children.set(role, await startUnitRole(folder, role));
    }
  });
  const url = (n: number): [string, string] => [`bus-${n}.example.org:4222`, `127.0.0.${n}:${port}`];
  const instead: [string, string][] = [
    ["bus-$n.example.org", "127.0.0.$n"],
    ...machines.map(url),
    ...machines.map((n): [string, string] => [`bus-${n}.example.org`, `127.0.0.${n}`]),
    [" cluster-lock.json", files.clusterLock],
    ["=cluster-lock.json", `=${files.clusterLock}`],
    [" oracles.json", ` ${files.oraclesFile}`],
    ["/etc/dvt", folder],
    ["/var/lib/nats", join(stateOf(1), "nats")],
    ["127.0.0.1:8222", `127.0.0.1:${monitor}`],
  ];
  // What it is told to do elsewhere, it does in the folders of that machine.
  const elsewhere = [
    [folder, `${join(root, "machine-")}$MACHINE${folder}`],
    [stateOf(1), `${join(root, "state-")}$MACHINE`],
    [`127.0.0.1:${monitor}`, `127.0.0.$MACHINE:${monitor}`],
  ].map(([here, there]) => `s|${here}|${there}|g`);
  const documented = await openDocumented("docs/clusters.md", {
    instead,
    programs: {
      systemctl,
      ssh: `while [ "$1" = -o ]; do shift 2; done\nexport MACHINE="\${1##*.}"; shift\nexec sh -c "$(printf %s "$*" | sed "${elsewhere.join(";")}")"`,
    },
    folder,
    path: dirname(inject("natsServer")),
  });
  const fresh = join(root, "fresh");
  const init = ["init", "--network", "hoodi", "--operator", "acme", "--mongodb", "127.0.0.1:27017"];
  const [made] = await Promise.all([
    dvt(
      [
        ...init,
        "--folder",
        folder,
        "--cluster-lock",
        `alpha=${files.clusterLock}`,
        "--oracles",
        files.oraclesFile,
        "--nats-url",
        `tls://127.0.0.1:${port}`,
      ],
      {},
    ),
    documented.run("init-three", [["dvt init", `dvt init --folder ${fresh}`]]),
  ]);
  expect(made.code, made.output).toBe(0);
  await documented.run("one-to-three");
  await moveIn(folder, {state: stateOf(1), mongoUrl});
  await documented.run("copy-servers");
  await documented.run("start-servers");

  // Who joins gets its account on all three.
  const invited = await documented.run("invite");
  const accepting = documented.run("accept");
  const nodes = await Promise.all([0, 1, 2].map((node) => joinNode(node, files, invited)));
  await accepting;
  const sidecars = await Promise.all(nodes.map((node) => node.start()));
  expect(nodes[0]?.env["NATS_URL"]).toBe(machines.map((n) => `tls://127.0.0.${n}:${port}`).join(","));
  await documented.run("copy-accounts");
  const accounts = await Promise.all(machines.map((n) => readFile(join(folderOf(n), "nats", "accounts.conf"), "utf8")));
  expect(new Set(accounts).size).toBe(1);
  await files.expectExits(folder, [0, 1]);

  /** A server may lag by a message for a moment. Each look is a process. */
  const untilHealthy = (): Promise<void> =>
    expect
      .poll(() => documented.run("doctor").catch(String), {interval: 500})
      .toMatch(/ok +streams: all \d+ are there, each on 3 servers that are up to date/);
  // One is restarted, another has lost its disk.
  await documented.run("restart");
  await untilHealthy();
  await stopNats(3);
  await expect(documented.run("doctor")).rejects.toThrow(
    /dvt-nats-3 is away, for example in REQUESTS\n +Stop no other server now/,
  );
  await rm(join(stateOf(3), "nats", "jetstream"), {recursive: true});
  await documented.run("replace", [
    ["bus-2.example.org", "127.0.0.3"],
    ["nats-2", "nats-3"],
  ]);
  await untilHealthy();
  await files.expectExits(folder, [1, 1]);

  expect(await documented.run("streams-apply")).toContain("everything is as declared");

  // Two are away at once: everybody waits.
  await Promise.all([stopNats(2), stopNats(3)]);
  const relayer = children.get("relayer") as Child;
  await expect.poll(() => readyzOf(relayer)).toContain("6 CONSUMER_SILENT");
  const early = await requestExits(folder, files, [2, 1]);
  expect(await early.ended, early.output()).toBe(75);
  await Promise.all([startNats(2), startNats(3)]);
  await untilHealthy();
  // Healthy servers still choose who leads each consumer: until then it ends with 75, and is run again.
  await expect.poll(async () => (await requestExits(folder, files, [2, 1])).ended).toBe(0);
  await files.expectExits(folder, [2, 1]);
  expect(await readyzOf(relayer)).toBe("relayer is ready\n");
  for (const sidecar of sidecars) expect(sidecar.process.exitCode).toBe(null);
}, 300_000);
