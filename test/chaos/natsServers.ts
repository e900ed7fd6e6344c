import {rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {type NatsServer, startNatsServer} from "../../src/sandbox/servers/natsServer.js";
import {type Link, startLink} from "../support/link.js";

/** The servers of the bus: one, or three that keep every stream between them. */
export type NatsServers = {
  readonly names: readonly string[];
  /** The port of that server now, for who wants to reach it. */
  portOf(name: string): number;
  /** SIGKILL. */
  kill(name: string): Promise<void>;
  start(name: string): Promise<void>;
  signal(name: string, signal: NodeJS.Signals): void;
  /** What it stored is gone, as with its disk. It must not run. */
  wipe(name: string): Promise<void>;
  /** Cut off from the other two, or reached by them again. */
  partition(name: string, apart: boolean): void;
  output(): string;
  stop(): Promise<void>;
};

type Options = {binary: string; folder: string; accounts: string; cluster: boolean};

export async function startNatsServers({binary, folder, accounts, cluster}: Options): Promise<NatsServers> {
  const names = cluster ? ["nats-1", "nats-2", "nats-3"] : ["nats-1"];
  const running = new Map<string, NatsServer>();
  const outputs: string[] = [];
  const routePorts = new Map<string, number>();
  const routes = new Map<string, Link>();
  const storeOf = (name: string): string => join(folder, `${name}-store`);

  for (const from of cluster ? names : []) {
    for (const to of names.filter((name) => name !== from)) {
      routes.set(`${from} ${to}`, await startLink(() => routePorts.get(to) ?? 1));
    }
  }
  const configOf = (name: string): string => {
    const own = `server_name: ${name}\n${accounts}`;
    if (!cluster) return own;
    const to = names
      .filter((other) => other !== name)
      .map((other) => `nats-route://127.0.0.1:${routes.get(`${name} ${other}`)?.port}`);
    // Nobody is told a way round the links.
    return `${own}\ncluster {name: chaos, listen: "127.0.0.1:-1", advertise: "127.0.0.1:1", no_advertise: true, pool_size: -1, routes: ${JSON.stringify(to)}}\n`;
  };

  const start = async (name: string): Promise<void> => {
    const configFile = join(folder, `${name}.conf`);
    await writeFile(configFile, configOf(name));
    const before = running.get(name);
    const server = await startNatsServer(binary, {
      storeDir: storeOf(name),
      configFile,
      ...(before && {port: before.port}),
    });
    running.set(name, server);
    if (cluster) {
      const [, port] = await server.line(/Listening for route connections on 127\.0\.0\.1:(\d+)/);
      routePorts.set(name, Number(port));
    }
  };
  await Promise.all(names.map(start));

  const serverOf = (name: string): NatsServer => running.get(name) as NatsServer;
  const kill = async (name: string): Promise<void> => {
    const server = serverOf(name);
    server.process.kill("SIGKILL");
    await server.ended;
    outputs.push(server.output());
  };
  return {
    names,
    portOf: (name) => serverOf(name).port,
    kill,
    start,
    signal: (name, signal) => void serverOf(name).process.kill(signal),
    wipe: (name) => rm(storeOf(name), {recursive: true, force: true}),
    partition(name, apart) {
      for (const [way, link] of routes) {
        if (!way.split(" ").includes(name)) continue;
        if (apart) link.cut();
        else link.open();
      }
    },
    output: () => [...outputs, ...[...running.values()].map((server) => server.output())].join("\n"),
    async stop() {
      await Promise.all(names.map(kill));
      for (const link of routes.values()) link.close();
    },
  };
}
