import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {networks} from "../../../src/consensus/networks.js";
import {toAccountsConfig} from "../../../src/messaging/accounts.js";
import {loadParticipants} from "../../../src/participants/participants.js";
import {toHex} from "../../../src/runtime/hex.js";
import {createLogger} from "../../../src/runtime/logger.js";
import type {Shutdown} from "../../../src/runtime/shutdown.js";
import type {Child} from "../../../src/sandbox/childProcess.js";
import {runDvt, startDvt} from "../../../src/sandbox/dvtProcess.js";
import {dealValidator, keystoresOf, toClusterLock, writeKeystores} from "../../../src/sandbox/makeCluster.js";
import {findServers} from "../../../src/sandbox/servers/findServers.js";
import {type NatsServer, startNatsServer} from "../../../src/sandbox/servers/natsServer.js";
import {writeOracles} from "../../../src/sandbox/writeOracles.js";
import {writeParticipants} from "../../../src/sandbox/writeParticipants.js";
import {connectStore, type Store} from "../../../src/store/connect.js";
import {type CommandCounter, startCommandCounter} from "./commandCounter.js";

export const network = networks.hoodi;
export const clusterId = "c1";
export const operatorId = "op";

export type SystemOptions = {
  /** Of each cluster. */
  validators: number;
  /** Only the first has keystores, and exits. */
  clusters?: number;
  sidecars: number;
  threshold: number;
  oracles: number;
  oracleThreshold: number;
  /** Puts a proxy that counts commands between the roles and the database. It costs time of its own. */
  count: boolean;
};

export type RoleName = "relayer" | "aggregator" | "sidecar";
export type BenchRole = {
  readonly name: RoleName;
  readonly child: Child;
  /** From its spawn to the line that says that it takes messages. */
  readonly startedMs: number;
  /** From its spawn to its first message handled, which it tells with LOG_LEVEL debug only. */
  readonly handledMs: Promise<number>;
};

export type BenchSystem = {
  readonly folder: string;
  readonly publicKeys: readonly string[];
  readonly participantsFile: string;
  readonly oraclesFile: string;
  readonly nats: NatsServer;
  readonly database: {readonly kind: string; readonly pid: number; readonly store: Store};
  /** By role, where commands are counted. */
  readonly counters: ReadonlyMap<RoleName, CommandCounter>;
  seedFile(participant: string): string;
  /** `node` counts from 0 and says which sidecar; `env` comes on top. Back when the role takes messages. */
  start(name: RoleName, options?: {node?: number; env?: Record<string, string>}): Promise<BenchRole>;
};

type Context = {shutdown: Shutdown; announce: (step: string) => void};

/** Servers, clusters and their files, all on this machine; the roles are started by the caller. Everything ends with `shutdown`. */
export async function createBenchSystem(options: SystemOptions, {shutdown, announce}: Context): Promise<BenchSystem> {
  const servers = await findServers({nats: true, mongo: true}, announce);
  const folder = await mkdtemp(join(tmpdir(), "dvt-bench-"));
  shutdown.onStop(() => rm(folder, {recursive: true, force: true}));

  announce(`making a cluster: ${options.validators} validators, ${options.sidecars} nodes, ${options.threshold} of them sign`);
  const cluster = await makeCluster(folder, options);
  const definitions = [cluster.clusterLock, ...(await makeOthers(folder, options))];
  const oraclesFile = join(folder, "oracles.json");
  await writeOracles(oraclesFile, {count: options.oracles, threshold: options.oracleThreshold});
  const {participantsFile, aggregatorKeyFile, seedFile} = await writeParticipants(folder, {
    network: network.name,
    operatorIds: [operatorId],
    clusters: definitions.map((definition, position) => ({
      id: position === 0 ? clusterId : `other-${position}`,
      definition,
      operatorIds: [operatorId],
      shareIndexes: Array.from({length: options.sidecars}, (_, node) => node + 1),
    })),
  });

  announce("starting nats-server and the database");
  const configFile = join(folder, "nats.conf");
  await writeFile(configFile, toAccountsConfig(await loadParticipants(participantsFile, network.name)));
  const nats = await startNatsServer(servers.natsServer as string, {storeDir: join(folder, "nats"), configFile, monitor: true});
  shutdown.onStop(nats.stop);
  const mongo = servers.mongo as NonNullable<typeof servers.mongo>;
  const server = await mongo.start(join(folder, "mongo"));
  shutdown.onStop(server.stop);
  const store = await connectStore(`${server.url}/bench`, createLogger({role: "bench", level: "warn", format: "plain"}));
  shutdown.onStop(store.close);

  const common = {
    NETWORK: network.name,
    NATS_URL: nats.url,
    PARTICIPANTS_FILE: participantsFile,
    ORACLES_CONFIG_FILE: oraclesFile,
  };
  await runDvt(["streams", "apply"], {...common, LOG_LEVEL: "warn", NATS_SEED_FILE: seedFile("admin")});
  const counters = new Map<RoleName, CommandCounter>();
  if (options.count) {
    for (const role of ["relayer", "aggregator"] as const) counters.set(role, await startCommandCounter(server.url, shutdown));
  }
  const envOf = (name: RoleName, node: number): Record<string, string> => ({
    ...common,
    MONGODB_URL: `${counters.get(name)?.url ?? server.url}/bench`,
    AGGREGATOR_PRIVATE_KEY_FILE: aggregatorKeyFile,
    NATS_SEED_FILE: seedFile(name === "sidecar" ? `sidecar-${clusterId}-${node + 1}` : name),
    CLUSTER_ID: clusterId,
    OBOL_CLUSTER_LOCK_FILE: cluster.clusterLock,
    OBOL_KEYSTORES_DIR: keystoresOf(cluster.keystoresTemplate, node),
    OBOL_NODE_INDEX: String(node),
    SIDECAR_STATE_FILE: join(folder, `sidecar-${node}.jsonl`),
    // What is timed is the work, not the waiting.
    EXITS_PER_HOUR: "1000000000",
  });

  return {
    folder,
    publicKeys: cluster.publicKeys,
    participantsFile,
    oraclesFile,
    nats,
    counters,
    seedFile,
    database: {kind: mongo.kind, pid: server.process.pid as number, store},
    async start(name, {node = 0, env = {}} = {}) {
      const spawnedAt = performance.now();
      const child = startDvt([name], {...envOf(name, node), ...env}, {name: `${name} ${node + 1}`});
      shutdown.onStop(child.stop);
      const untilLine = (pattern: RegExp): Promise<number> => child.line(pattern).then(() => performance.now() - spawnedAt);
      const handledMs = untilLine(/message handled/);
      handledMs.catch(() => {});
      return {name, child, startedMs: await untilLine(new RegExp(`${name} started`)), handledMs};
    },
  };
}

/** Keystores whose key derivation costs nothing: what a real sidecar takes for that would hide the rest. */
async function makeCluster(folder: string, {validators: count, sidecars, threshold}: SystemOptions) {
  const validators = Array.from({length: count}, () => dealValidator(sidecars, threshold));
  const clusterLock = join(folder, "cluster-lock.json");
  const keystoresTemplate = join(folder, "node{node_index}", "validator_keys");
  await writeFile(clusterLock, JSON.stringify(toClusterLock(network, validators, sidecars, threshold)));
  for (let node = 0; node < sidecars; node++) {
    const shares = validators.flatMap(({secretShares}) => secretShares[node] ?? []);
    await writeKeystores(keystoresOf(keystoresTemplate, node), shares, 2);
  }
  const publicKeys = validators.map(({secretKey}) => toHex(secretKey.toPublicKey().toBytes()));
  return {clusterLock, keystoresTemplate, publicKeys};
}

/** The definitions of the other clusters. */
async function makeOthers(folder: string, {clusters = 1, validators: count, sidecars, threshold}: SystemOptions) {
  const definitions: string[] = [];
  for (let other = 1; other < clusters; other++) {
    const validators = Array.from({length: count}, () => dealValidator(sidecars, threshold));
    const definition = join(folder, `other-${other}-cluster-lock.json`);
    await writeFile(definition, JSON.stringify(toClusterLock(network, validators, sidecars, threshold)));
    definitions.push(definition);
  }
  return definitions;
}

/** Rejects when the role ends, with what it printed. */
export const endedEarly = async ({name, child}: BenchRole): Promise<never> => {
  const code = await child.ended;
  throw new Error(`bench: ${name} ended (${code}) in the middle:\n${child.output()}`);
};

export const readSeed = (system: Pick<BenchSystem, "seedFile">, participant: string): Promise<string> =>
  readFile(system.seedFile(participant), "utf8");
