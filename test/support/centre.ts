import {once} from "node:events";
import {copyFile, readFile, writeFile} from "node:fs/promises";
import {type AddressInfo, createServer} from "node:net";
import {delimiter, dirname, join} from "node:path";
import {expect, inject, onTestFinished} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {loadParticipants, type Participants} from "../../src/participants/participants.js";
import {type Child, startChild} from "../../src/sandbox/childProcess.js";
import {startDvt} from "../../src/sandbox/dvtProcess.js";
import {keystoresOf, writeCluster} from "../../src/sandbox/makeCluster.js";
import {dvt} from "./dvt.js";
import {temporaryFolder} from "./servers.js";

const network = networks.hoodi;

export type Centre = {
  readonly folder: string;
  /** Where the nodes of cluster alpha keep charon's files. */
  charonOf(nodeIndex: number): string;
  readonly depositData: string;
  readonly url: string;
  /** The certificate of the bus's authority. */
  readonly authority: string;
  readonly participantsFile: string;
  seedFile(participant: string): string;
  /** A command of the administrator, without a variable. */
  command(...args: string[]): Promise<{code: number; output: string}>;
  participants(): Promise<Participants>;
  /** The text of the invitation that a command printed for this participant. */
  invitationOf(output: string, participant: string): string;
  /** `dvt join` of node 0, 1, …, into a folder of its own. */
  join(invitation: string, options?: JoinedAs): Child & {folder: string};
};

type JoinedAs = {nodeIndex?: number; folder?: string; more?: string[]};

/** A centre that `dvt init` has made, with its NATS server on loopback, with TLS; one cluster, alpha, without sidecars. */
export async function createCentre({validators = 2, nodes = 4, threshold = 3} = {}): Promise<Centre> {
  const root = await temporaryFolder();
  const folder = join(root, "centre");
  const at = (name: string): string => join(folder, name);
  const files = await writeCluster(join(root, "cluster"), network, {validators, nodes, threshold, keystoreRounds: 2});
  for (let node = 0; node < nodes; node++) {
    const keystores = keystoresOf(files.keystoresTemplate, node);
    await copyFile(files.clusterLock, join(keystores, "..", "cluster-lock.json"));
  }
  const url = `tls://localhost:${await freePort()}`;
  const options = ["--network", network.name, "--nats-url", url, "--operator", "acme", "--mongodb", "127.0.0.1:27017"];
  const made = await dvt(["init", "--folder", folder, ...options, "--cluster-lock", `alpha=${files.clusterLock}`], {});
  expect(made.code, made.output).toBe(0);
  const seeds = {
    admin: "admin/admin.nkey",
    relayer: "relayer/relayer.nkey",
    aggregator: "aggregator/aggregator.nkey",
    "operator-acme": "operator/operator.nkey",
  } as const;
  const seedFile = (participant: string): string => at(seeds[participant as keyof typeof seeds]);
  const participantsFile = at("shared/participants.json");
  const participants = (): Promise<Participants> => loadParticipants(participantsFile, network.name);
  const binary = inject("natsServer");
  await startNats(binary, at("nats/nats.conf"));
  const env = {PATH: [dirname(binary), process.env["PATH"]].join(delimiter)};
  return {
    folder,
    charonOf: (nodeIndex) => join(keystoresOf(files.keystoresTemplate, nodeIndex), ".."),
    depositData: files.depositData,
    url,
    authority: at("shared/ca.pem"),
    participantsFile,
    seedFile,
    command: (...args) => dvt([...args, "--folder", folder], env),
    participants,
    invitationOf(output, participant) {
      const [, path] = new RegExp(`^${participant}: (.*)$`, "m").exec(output) ?? [];
      if (path === undefined) throw new Error(`no invitation of ${participant} in:\n${output}`);
      return path;
    },
    join(invitation, {nodeIndex, folder: into, more = []} = {}) {
      const own = into ?? join(root, `joined-${nodeIndex ?? "other"}`);
      const keys = nodeIndex === undefined ? [] : ["--keystores", join(keystoresOf(files.keystoresTemplate, nodeIndex), "..")];
      const child = startDvt(["join", invitation, "--folder", own, ...keys, ...more], {});
      onTestFinished(child.stop);
      return {...child, folder: own};
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const {port} = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts the server as init has configured it, but for the folder of its streams and its monitor's port. */
async function startNats(binary: string, configFile: string): Promise<void> {
  const config = await readFile(configFile, "utf8");
  const own = config.replaceAll("/var/lib/nats", await temporaryFolder()).replaceAll("127.0.0.1:8222", "127.0.0.1:-1");
  await writeFile(configFile, own);
  const server = startChild(binary, ["-c", configFile], {name: "nats-server"});
  onTestFinished(async () => {
    server.process.kill("SIGKILL");
    await server.ended;
  });
  await server.line(/Server is ready/);
}
