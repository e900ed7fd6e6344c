import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Db} from "mongodb";
import {expect, onTestFinished} from "vitest";
import {readDepositData} from "../../src/client/depositData.js";
import {type Network, networks} from "../../src/consensus/networks.js";
import type {Bus} from "../../src/messaging/connect.js";
import {loadOracleSet} from "../../src/oracles/oracleSet.js";
import {loadParticipants} from "../../src/participants/participants.js";
import {checkResults} from "../../src/sandbox/checkResults.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {startDvt, startRole} from "../../src/sandbox/dvtProcess.js";
import {keystoresOf, writeCluster} from "../../src/sandbox/makeCluster.js";
import {writeOracles} from "../../src/sandbox/writeOracles.js";
import {writeParticipants} from "../../src/sandbox/writeParticipants.js";
import {dvt, type Running, runHere} from "./dvt.js";
import {patience} from "./patience.js";
import {connectTestBus, createTestDatabase, startTestNats, type TestNats, temporaryFolder} from "./servers.js";
import {applyStreams} from "./stage.js";

export const clusterId = "c1";
export const operatorId = "op-1";
const ackWaitMs = 2000;

export type System = {
  nats: TestNats;
  db: Db;
  /** The administrator's, who sees everything in the core account. */
  bus: Bus;
  busOf(participant: string): Promise<Bus>;
  seedFile(participant: string): string;
  publicKeys: string[];
  folder: string;
  depositData: string;
  clusterLock: string;
  keystoresTemplate: string;
  participantsFile: string;
  aggregatorKeyFile: string;
  env: Record<string, string>;
  /** `dvt streams apply` once more, and what it printed: as the system begins, everything is as declared. */
  applyStreams(args?: string[]): Promise<string>;
  relayer(env?: Record<string, string>): Promise<Child>;
  aggregator(env?: Record<string, string>): Promise<Child>;
  sidecar(nodeIndex: number | readonly number[], env?: Record<string, string>): Promise<Child>;
  /** `dvt console` as a viewer, on this port or any, with its address. */
  console(env?: Record<string, string>): Promise<Child & {url: string}>;
  /** All of them in one process. */
  sidecars(...nodeIndexes: number[]): Promise<Child>;
  /** `dvt operator request` for all validators of the deposit data, in this process. */
  request(options?: Requesting): Requested;
  /** The same as a process, which can be stopped. */
  startRequest(options?: Requesting): Child & Requested;
  /** It ended with 0, and its results are what the oracles need, and the one result there is anywhere. */
  expectCompleted(operator: Requested, startIndex?: number, publicKeys?: readonly string[]): Promise<Results>;
};

type Requesting = {
  startIndex?: number;
  timeout?: number;
  depositData?: string;
  more?: string[];
  env?: Record<string, string>;
};
type Requested = Pick<Running, "output"> & {readonly ended: Promise<number | NodeJS.Signals>; readonly resultsFile: string};

type Entry = {public_key: string; validator_index: number; oracles_config_hash: string; oracles_exit_signature_shares: object};
export type Results = {network: string; validators: Entry[]};

type SystemOptions = {
  network?: Network;
  /** The size of the first cluster, whose files are written. */
  validators?: number;
  nodes?: number;
  threshold?: number;
  /** Others that take part, with their definitions. */
  moreClusters?: Parameters<typeof writeParticipants>[1]["clusters"];
  oracleCount?: number;
  oracleThreshold?: number;
};

/** A whole system with short times: its own servers and files; every process it starts ends with the test. */
export async function createSystem({
  network = networks.hoodi,
  moreClusters = [],
  validators = 5,
  nodes = 4,
  threshold = 3,
  oracleCount = 5,
  oracleThreshold = 3,
}: SystemOptions = {}): Promise<System> {
  const folder = await temporaryFolder();
  const {clusterLock, keystoresTemplate, depositData} = await writeCluster(folder, network, {
    validators,
    nodes,
    threshold,
    keystoreRounds: 2,
  });
  const oraclesFile = join(folder, "oracles.json");
  const oracleKeys = await writeOracles(oraclesFile, {count: oracleCount, threshold: oracleThreshold});
  const operatorIds = [operatorId, "op-2"];
  const shareIndexes = Array.from({length: nodes}, (_, node) => node + 1);
  const {participantsFile, aggregatorKeyFile, seedFile} = await writeParticipants(folder, {
    network: network.name,
    operatorIds,
    viewerIds: ["console"],
    clusters: [{id: clusterId, definition: clusterLock, operatorIds, shareIndexes}, ...moreClusters],
  });
  const participants = await loadParticipants(participantsFile, network.name);
  const nats = await startTestNats(participants);
  const {url: mongoUrl, db} = await createTestDatabase();
  const busOf = (participant: string): Promise<Bus> => connectTestBus(participant, {url: nats.url, participants, seedFile});
  const bus = await busOf("admin");
  const env = {
    NETWORK: network.name,
    NATS_URL: nats.url,
    MONGODB_URL: mongoUrl,
    PARTICIPANTS_FILE: participantsFile,
    ORACLES_CONFIG_FILE: oraclesFile,
    ACK_WAIT: `${ackWaitMs / 1000}s`,
    REISSUE_AFTER: "2s",
    RESEND_AFTER: "2s",
    LOG_FORMAT: "json",
    LOG_LEVEL: "debug",
  };
  const start = (role: string, more: Record<string, string>): Promise<Child> =>
    startRole(role, {...env, NATS_SEED_FILE: seedFile(role), ...more}, {onStop: onTestFinished});
  const keysOf = (node: number | readonly number[]): Record<string, string> =>
    typeof node === "number"
      ? {OBOL_NODE_INDEX: String(node), OBOL_KEYSTORES_DIR: keystoresOf(keystoresTemplate, node)}
      : {OBOL_NODE_INDEXES: node.join(","), OBOL_KEYSTORES_DIR_TEMPLATE: keystoresTemplate};
  const sidecar = (nodeIndex: number | readonly number[], more: Record<string, string> = {}): Promise<Child> =>
    start("sidecar", {
      OBOL_CLUSTER_LOCK_FILE: clusterLock,
      NATS_SEED_FILE: seedFile(`sidecar-${clusterId}-{share_index}`),
      SIDECAR_STATE_FILE: join(folder, "sidecar-{node_index}.jsonl"),
      ...keysOf(nodeIndex),
      ...more,
    });
  await applyStreams(bus, participants, ackWaitMs);
  const asOperator = {OPERATOR_ID: operatorId, NATS_SEED_FILE: seedFile(`operator-${operatorId}`)};
  const publicKeys = await readDepositData(depositData, network);
  const requesting = ({
    startIndex = 1000,
    timeout = patience.requestSeconds,
    depositData: file = depositData,
    more = [],
    env: changed = {},
  }: Requesting) => {
    const resultsFile = join(folder, `results-${startIndex}-${Date.now()}.json`);
    const files = ["--deposit-data", file, "--output", resultsFile];
    const numbers = ["--start-index", String(startIndex), "--timeout", String(timeout)];
    const args = ["operator", "request", ...files, ...numbers, ...more];
    return {args, env: {...env, ...asOperator, ...changed}, resultsFile};
  };

  return {
    nats,
    db,
    bus,
    busOf,
    seedFile,
    publicKeys,
    folder,
    depositData,
    clusterLock,
    keystoresTemplate,
    participantsFile,
    aggregatorKeyFile,
    env,
    sidecar,
    async applyStreams(args = []) {
      const {code, output} = await dvt(["streams", "apply", ...args], {...env, NATS_SEED_FILE: seedFile("admin")});
      expect(code, output).toBe(0);
      return output;
    },
    relayer: (more = {}) => start("relayer", more),
    aggregator: (more = {}) => start("aggregator", {AGGREGATOR_PRIVATE_KEY_FILE: aggregatorKeyFile, ...more}),
    async console(more = {}) {
      const child = await start("console", {NATS_SEED_FILE: seedFile("viewer-console"), CONSOLE_PORT: "0", ...more});
      const [, port] = await child.line(/"port":(\d+).*"msg":"listening"/);
      return {...child, url: `http://127.0.0.1:${port}`};
    },
    sidecars: (...nodeIndexes) => sidecar(nodeIndexes),
    request(options = {}) {
      const {args, env: asked, resultsFile} = requesting(options);
      return {...runHere(args, asked), resultsFile};
    },
    startRequest(options = {}) {
      const {args, env: asked, resultsFile} = requesting(options);
      const child = startDvt(args, asked);
      onTestFinished(child.stop);
      return {...child, resultsFile};
    },
    async expectCompleted(operator, startIndex = 1000, expected = publicKeys) {
      const code = await operator.ended;
      expect(code, operator.output()).toBe(0);
      const wanted = expected.map((publicKey, position) => ({publicKey, validatorIndex: startIndex + position}));
      const oracleSet = await loadOracleSet(oraclesFile);
      await checkResults(operator.resultsFile, {network, oracleSet, validators: wanted}, oracleKeys);
      const results: Results = JSON.parse(await readFile(operator.resultsFile, "utf8"));
      for (const entry of results.validators) await expectOneResult(db, bus, {network, entry});
      return results;
    },
  };
}

type StoredExit = {_id: string; results: Record<string, object>; shares?: object};

/** The database holds this result and no other, no share is left, and the completion says the same. */
async function expectOneResult(
  db: Db,
  bus: Bus,
  {network, entry}: {readonly network: Network; readonly entry: Entry},
): Promise<void> {
  const id = `${network.name}:${entry.public_key}:${entry.validator_index}`;
  const stored = await db.collection<StoredExit>("exits").findOne({_id: id});
  expect(stored).toMatchObject({_id: id, results: {[entry.oracles_config_hash]: entry.oracles_exit_signature_shares}});
  expect(Object.keys(stored?.results ?? {})).toHaveLength(1);
  expect(stored?.shares).toBeUndefined();
  const jsm = await bus.connection.jetstreamManager();
  const subject = `dvt.v2.completions.${network.name}.${operatorId}.${entry.public_key}.${entry.validator_index}`;
  const completion = await jsm.streams.getMessage("COMPLETIONS", {last_by_subj: subject});
  expect(completion.json()).toMatchObject({
    status: "completed",
    oracles_exit_signature_shares: entry.oracles_exit_signature_shares,
  });
}
