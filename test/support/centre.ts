import {copyFile, readFile, writeFile} from "node:fs/promises";
import {delimiter, dirname, join} from "node:path";
import {parseEnv} from "node:util";
import {expect, inject, onTestFinished} from "vitest";
import {readDepositData} from "../../src/client/depositData.js";
import {networks} from "../../src/consensus/networks.js";
import {loadOracleSet} from "../../src/oracles/oracleSet.js";
import {loadParticipants, type Participants} from "../../src/participants/participants.js";
import {checkResults} from "../../src/sandbox/checkResults.js";
import {type Child, startChild} from "../../src/sandbox/childProcess.js";
import {startDvt, startRole} from "../../src/sandbox/dvtProcess.js";
import {keystoresOf, writeCluster} from "../../src/sandbox/makeCluster.js";
import {ssvOperatorIds, writeSsvCluster} from "../../src/sandbox/makeSsvCluster.js";
import {freePort} from "../../src/sandbox/servers/freePort.js";
import {writeOracles} from "../../src/sandbox/writeOracles.js";
import {dvt} from "./dvt.js";
import {patience} from "./patience.js";
import {createTestDatabase, temporaryFolder} from "./servers.js";

const network = networks.hoodi;

export type Centre = {
  readonly folder: string;
  /** The name of node 0, 1, … among the participants. */
  sidecarOf(nodeIndex: number): string;
  /** Where the node keeps the files of charon, or of the SSV node. */
  nodeFilesOf(nodeIndex: number): string;
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

type CentreOptions = {validators?: number; nodes?: number; threshold?: number; kind?: "OBOL" | "SSV"};

/**
 * A centre that `dvt init` has made, with its NATS server on loopback, with TLS; one cluster without sidecars: alpha of Obol, or beta of
 * SSV, which has 4 nodes and threshold 3.
 */
export async function createCentre({kind = "OBOL", ...size}: CentreOptions = {}): Promise<Centre> {
  const root = await temporaryFolder();
  const folder = join(root, "centre");
  const at = (name: string): string => join(folder, name);
  const write = kind === "OBOL" ? writeObol : writeSsv;
  const cluster = await write(join(root, "cluster"), {validators: 2, nodes: 4, threshold: 3, ...size});
  const url = `tls://localhost:${await freePort()}`;
  const options = ["--network", network.name, "--nats-url", url, "--operator", "acme", "--mongodb", "127.0.0.1:27017"];
  const made = await dvt(["init", "--folder", folder, ...options, ...cluster.initOptions], {});
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
    sidecarOf: cluster.sidecarOf,
    nodeFilesOf: cluster.nodeFilesOf,
    depositData: cluster.depositData,
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
      const keys = nodeIndex === undefined ? [] : ["--keystores", cluster.nodeFilesOf(nodeIndex)];
      const child = startDvt(["join", invitation, "--folder", own, ...keys, ...more], {});
      onTestFinished(child.stop);
      return {...child, folder: own};
    },
  };
}

type WrittenCluster = Pick<Centre, "sidecarOf" | "nodeFilesOf" | "depositData"> & {readonly initOptions: readonly string[]};
type Size = {validators: number; nodes: number; threshold: number};

async function writeObol(folder: string, {nodes, ...size}: Size): Promise<WrittenCluster> {
  const {clusterLock, keystoresTemplate, depositData} = await writeCluster(folder, network, {...size, nodes, keystoreRounds: 2});
  const nodeFilesOf = (nodeIndex: number): string => dirname(keystoresOf(keystoresTemplate, nodeIndex));
  for (let node = 0; node < nodes; node++) await copyFile(clusterLock, join(nodeFilesOf(node), "cluster-lock.json"));
  const sidecarOf = (nodeIndex: number): string => `sidecar-alpha-${nodeIndex + 1}`;
  return {initOptions: ["--cluster-lock", `alpha=${clusterLock}`], depositData, nodeFilesOf, sidecarOf};
}

async function writeSsv(folder: string, {validators, nodes}: Size): Promise<WrittenCluster> {
  const operatorIds = ssvOperatorIds(nodes);
  const {keyshares, depositData, folderOf} = await writeSsvCluster(folder, network, {validators, operatorIds, rounds: 2});
  const nodeFilesOf = (nodeIndex: number): string => folderOf(operatorIds[nodeIndex] as number);
  for (const id of operatorIds) await copyFile(keyshares, join(folderOf(id), "keyshares.json"));
  const sidecarOf = (nodeIndex: number): string => `sidecar-beta-${operatorIds[nodeIndex]}`;
  return {initOptions: ["--ssv-keyshares", `beta=${keyshares}`], depositData, nodeFilesOf, sidecarOf};
}

/** A centre whose roles run. */
export type RunningCentre = Centre & {
  /** `dvt accept --auto --wait`. */
  accept(): Child;
  /** Node 0, 1, … joins with the invitation in what a command printed, while `accept` runs. */
  joinAs(nodeIndex: number, invited: string): Promise<Joined>;
  /** The operator asks for the exits of these validators of the deposit data, and gets results that the oracles accept. */
  expectExits(first: number, count?: number): Promise<void>;
};

/** A node that takes part. */
export type Joined = {
  readonly output: string;
  /** Its sidecar with the settings that join wrote, but for the port of its status. */
  start(): Promise<Child>;
};

/** The same with a relayer and an aggregator, as compose starts them. */
export async function createRunningCentre(options: CentreOptions = {}): Promise<RunningCentre> {
  const centre = await createCentre(options);
  const work = await temporaryFolder();
  const oraclesFile = join(work, "oracles.json");
  const oracleKeys = await writeOracles(oraclesFile, {count: 5, threshold: 3});
  const common = {
    NETWORK: network.name,
    NATS_URL: centre.url,
    NATS_CA_FILE: centre.authority,
    MONGODB_URL: (await createTestDatabase()).url,
    PARTICIPANTS_FILE: centre.participantsFile,
    ORACLES_CONFIG_FILE: oraclesFile,
    RELOAD_EVERY: "500ms",
    LOG_FORMAT: "json",
  };
  const start = (role: string, more: Record<string, string> = {}): Promise<Child> =>
    startRole(role, {...common, NATS_SEED_FILE: centre.seedFile(role), ...more}, {onStop: onTestFinished});
  // They wait for the streams, which the first command of the administrator makes.
  const roles = Promise.all([
    start("relayer"),
    start("aggregator", {AGGREGATOR_PRIVATE_KEY_FILE: join(centre.folder, "aggregator", "aggregator.key")}),
  ]);
  roles.catch(() => {});
  return {
    ...centre,
    accept() {
      const accepting = startDvt(["accept", "--auto", "--wait", "--folder", centre.folder], {NATS_SERVER: inject("natsServer")});
      onTestFinished(accepting.stop);
      return accepting;
    },
    async joinAs(nodeIndex, invited) {
      const folder = join(work, `joined-${nodeIndex}`);
      const files = ["--folder", folder, "--keystores", centre.nodeFilesOf(nodeIndex)];
      const {code, output} = await dvt(["join", centre.invitationOf(invited, centre.sidecarOf(nodeIndex)), ...files], {});
      expect(code, output).toBe(0);
      const env = parseEnv(await readFile(join(folder, "sidecar.env"), "utf8")) as Record<string, string>;
      return {
        output,
        start: () => startRole("sidecar", {...env, STATUS_PORT: "0", LOG_FORMAT: "json"}, {onStop: onTestFinished}),
      };
    },
    async expectExits(first, count = 1) {
      await roles;
      const deposits = JSON.parse(await readFile(centre.depositData, "utf8")) as unknown[];
      const firstIndex = 1000 + first;
      const depositData = join(work, `deposits-${firstIndex}.json`);
      await writeFile(depositData, JSON.stringify(deposits.slice(first, first + count)));
      const results = join(work, `results-${firstIndex}.json`);
      const files = ["--deposit-data", depositData, "--output", results];
      const times = ["--start-index", String(firstIndex), "--timeout", String(patience.requestSeconds)];
      const env = {...common, OPERATOR_ID: "acme", NATS_SEED_FILE: centre.seedFile("operator-acme")};
      const operator = await dvt(["operator", "request", ...files, ...times], env);
      expect(operator.code, operator.output).toBe(0);
      const publicKeys = await readDepositData(depositData, network);
      const validators = publicKeys.map((publicKey, place) => ({publicKey, validatorIndex: firstIndex + place}));
      await checkResults(results, {network, oracleSet: await loadOracleSet(oraclesFile), validators}, oracleKeys);
    },
  };
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
