import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as delay} from "node:timers/promises";
import {readDepositData} from "../../src/client/depositData.js";
import {networks} from "../../src/consensus/networks.js";
import {toAccountsConfig} from "../../src/messaging/accounts.js";
import {loadParticipants} from "../../src/participants/participants.js";
import type {Shutdown} from "../../src/runtime/shutdown.js";
import {runDvt} from "../../src/sandbox/dvtProcess.js";
import {keystoresOf, writeCluster} from "../../src/sandbox/makeCluster.js";
import type {MongoLauncher, MongoServer} from "../../src/sandbox/servers/mongoServer.js";
import {writeOracles} from "../../src/sandbox/writeOracles.js";
import {writeParticipants} from "../../src/sandbox/writeParticipants.js";
import {type Link, startLink} from "../support/link.js";
import {createMember, type Member} from "./member.js";
import {type NatsServers, startNatsServers} from "./natsServers.js";

export const network = networks.hoodi;

export type WorldOptions = {cluster: boolean; natsServer: string; mongo: MongoLauncher};

export type WorldCluster = {readonly id: string; readonly publicKeys: readonly string[]; readonly clusterLock: string};

export type Context = {shutdown: Shutdown; announce: (step: string) => void};

/** A whole system of real processes, each of which sees every server through a link of its own. */
export type World = {
  readonly folder: string;
  readonly nats: NatsServers;
  readonly mongo: {readonly url: () => string; restart(awayMs: number): Promise<void>; signal(signal: NodeJS.Signals): void};
  readonly members: ReadonlyMap<string, Member>;
  /** By who sees it and what: "relayer nats", "aggregator-1 mongo". */
  linksOf(name: string, server: "nats" | "mongo"): readonly Link[];
  readonly clusters: readonly WorldCluster[];
  readonly participantsFile: string;
  readonly oraclesFile: string;
  readonly oracleKeys: readonly Uint8Array[];
  stateFileOf(sidecar: string): string;
  seedFile(participant: string): string;
  operatorEnv(operatorId: string): Record<string, string>;
  /** As an administrator does after the bus lost its streams. Tries until the servers have chosen a leader. */
  applyStreams(): Promise<void>;
  /** Takes all that the server stored. The bus has no streams from now until they are applied again, where no other server has them. */
  wipeNats(name: string): Promise<void>;
  /** Whether it had none at any time since then, as performance.now() counts. */
  hadNoStreamsSince(sinceMs: number): boolean;
};

export const operatorIds = ["op-1", "op-2"] as const;
const nodes = [1, 2, 3, 4] as const;
/** Which processes there are: two aggregators side by side, a sidecar for each node of one cluster, one process for all of the other. */
export const memberNames = [
  "relayer",
  "aggregator-1",
  "aggregator-2",
  ...nodes.map((node) => `sidecar-${node}`),
  "sidecars",
] as const;
export const storing = ["relayer", "aggregator-1", "aggregator-2"] as const;
export const soleSidecars = memberNames.filter((name) => name.startsWith("sidecar-"));

export async function createWorld(
  {cluster, natsServer, mongo: launcher}: WorldOptions,
  {shutdown, announce}: Context,
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "dvt-chaos-"));
  shutdown.onStop(() => rm(folder, {recursive: true, force: true}));
  const sizes = {c1: 10, c2: 5};
  const made = new Map<string, Awaited<ReturnType<typeof writeCluster>>>();
  for (const [id, validators] of Object.entries(sizes)) {
    made.set(
      id,
      await writeCluster(join(folder, id), network, {validators, nodes: nodes.length, threshold: 3, keystoreRounds: 2}),
    );
  }
  const filesOf = (id: string) => made.get(id) as NonNullable<ReturnType<typeof made.get>>;
  const oraclesFile = join(folder, "oracles.json");
  const oracleKeys = await writeOracles(oraclesFile, {count: 5, threshold: 3});
  const {participantsFile, aggregatorKeyFile, seedFile} = await writeParticipants(folder, {
    network: network.name,
    operatorIds,
    clusters: Object.keys(sizes).map((id) => ({
      id,
      definition: filesOf(id).clusterLock,
      operatorIds,
      shareIndexes: nodes,
    })),
  });
  const participants = await loadParticipants(participantsFile, network.name);
  const nats = await startNatsServers({binary: natsServer, folder, accounts: toAccountsConfig(participants), cluster});
  shutdown.onStop(nats.stop);

  const mongoFolder = join(folder, "mongo");
  let mongoServer: MongoServer = await launcher.start(mongoFolder);
  shutdown.onStop(() => mongoServer.stop());
  const portOf = (url: string): number => Number(new URL(url).port);

  const links = new Map<string, readonly Link[]>();
  const link = async (name: string, server: "nats" | "mongo"): Promise<readonly Link[]> => {
    const started =
      server === "nats"
        ? await Promise.all(nats.names.map((of) => startLink(() => nats.portOf(of))))
        : [await startLink(() => portOf(mongoServer.url))];
    for (const it of started) shutdown.onStop(it.close);
    links.set(`${name} ${server}`, started);
    return started;
  };
  const common = {
    NETWORK: network.name,
    PARTICIPANTS_FILE: participantsFile,
    ORACLES_CONFIG_FILE: oraclesFile,
    REISSUE_AFTER: "2s",
    RESEND_AFTER: "2s",
    LOG_FORMAT: "json",
  };
  const through = async (name: string): Promise<Record<string, string>> => ({
    NATS_URL: (await link(name, "nats")).map(({port}) => `nats://127.0.0.1:${port}`).join(","),
  });
  const stateFileOf = (sidecar: string): string => join(folder, `${sidecar}.jsonl`);
  const envOf = async (name: string): Promise<Record<string, string>> => {
    const env = {...common, ...(await through(name))};
    if (name.startsWith("sidecar")) {
      const id = name === "sidecars" ? "c2" : "c1";
      const {clusterLock, keystoresTemplate} = filesOf(id);
      const node = Number(name.slice("sidecar-".length)) - 1;
      return {
        ...env,
        CLUSTER_ID: id,
        OBOL_CLUSTER_LOCK_FILE: clusterLock,
        NATS_SEED_FILE: seedFile(`sidecar-${id}-{share_index}`),
        SIDECAR_STATE_FILE: name === "sidecars" ? stateFileOf("sidecars-{node_index}") : stateFileOf(name),
        ...(name === "sidecars"
          ? {OBOL_NODE_INDEXES: nodes.map((it) => it - 1).join(","), OBOL_KEYSTORES_DIR_TEMPLATE: keystoresTemplate}
          : {OBOL_NODE_INDEX: String(node), OBOL_KEYSTORES_DIR: keystoresOf(keystoresTemplate, node)}),
      };
    }
    const [store] = await link(name, "mongo");
    const stored = {...env, MONGODB_URL: `mongodb://127.0.0.1:${store?.port}/dvt`};
    if (name === "relayer") return {...stored, NATS_SEED_FILE: seedFile("relayer")};
    return {...stored, NATS_SEED_FILE: seedFile("aggregator"), AGGREGATOR_PRIVATE_KEY_FILE: aggregatorKeyFile};
  };
  const members = new Map<string, Member>();
  for (const name of memberNames) {
    const role = name.startsWith("sidecar") ? "sidecar" : name.startsWith("aggregator") ? "aggregator" : "relayer";
    const member = createMember({name, role, env: await envOf(name), announce});
    members.set(name, member);
    shutdown.onStop(() => member.kill().catch(() => {}));
  }
  const operatorEnvs = new Map<string, Record<string, string>>();
  for (const id of operatorIds) {
    const env = {...common, ...(await through(`operator-${id}`)), OPERATOR_ID: id, NATS_SEED_FILE: seedFile(`operator-${id}`)};
    operatorEnvs.set(id, env);
  }
  const adminEnv = (): Record<string, string> => ({
    ...common,
    NATS_URL: nats.names.map((name) => `nats://127.0.0.1:${nats.portOf(name)}`).join(","),
    NATS_SEED_FILE: seedFile("admin"),
    LOG_LEVEL: "warn",
    ...(cluster && {STREAM_REPLICAS: "3"}),
  });
  let noStreamsUntilMs = 0;
  const applyStreams = async (): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await runDvt(["streams", "apply"], adminEnv());
        noStreamsUntilMs = Math.min(noStreamsUntilMs, performance.now());
        return;
      } catch (error) {
        if (attempt === 20) throw error;
        await delay(500);
      }
    }
  };

  return {
    folder,
    nats,
    mongo: {
      url: () => `${mongoServer.url}/dvt`,
      async restart(awayMs) {
        await mongoServer.stop();
        await delay(awayMs);
        mongoServer = await launcher.start(mongoFolder);
      },
      signal: (signal) => void mongoServer.process.kill(signal),
    },
    members,
    linksOf: (name, server) => links.get(`${name} ${server}`) ?? [],
    clusters: await Promise.all(
      Object.keys(sizes).map(async (id) => ({
        id,
        publicKeys: await readDepositData(filesOf(id).depositData, network),
        clusterLock: filesOf(id).clusterLock,
      })),
    ),
    participantsFile,
    oraclesFile,
    oracleKeys,
    stateFileOf,
    seedFile,
    applyStreams,
    operatorEnv: (id) => operatorEnvs.get(id) ?? {},
    async wipeNats(name) {
      if (!cluster) noStreamsUntilMs = Number.POSITIVE_INFINITY;
      await nats.wipe(name);
    },
    hadNoStreamsSince: (sinceMs) => noStreamsUntilMs >= sinceMs,
  };
}
