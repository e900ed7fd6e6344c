import {access, mkdir, mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {readDepositData} from "../client/depositData.js";
import {loadObolLock} from "../clusters/obolLock.js";
import {type Network, networks} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {loadOracleSet} from "../oracles/oracleSet.js";
import {loadParticipants} from "../participants/participants.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {checkResults} from "./checkResults.js";
import type {Child} from "./childProcess.js";
import {runDvt, startDvt, startRole} from "./dvtProcess.js";
import {keystoresOf, writeCluster} from "./makeCluster.js";
import {writeOracles} from "./makeOracles.js";
import {writeParticipants} from "./makeParticipants.js";
import {useServers} from "./useServers.js";

export type DemoOptions = {
  network: keyof typeof networks;
  validators: number;
  nodes: number;
  threshold: number;
  oracleCount: number;
  oracleThreshold: number;
  startIndex: number;
  output: string;
  /** The user's own files instead of generated ones. */
  cluster?: {clusterLock: string; keystoresTemplate: string; depositData: string};
  oracles?: string;
  natsUrl?: string;
  mongoUrl?: string;
};

type Files = {clusterLock: string; keystoresTemplate: string; depositData: string; oracles: string; oracleKeys?: Uint8Array[]};

const clusterId = "demo";
const operatorId = "demo";

/** Runs the whole system on this machine, every role a process of its own, asks for the exits and checks what comes out. */
export async function runDemo(options: DemoOptions, shutdown: Shutdown, announce: (step: string) => void): Promise<string> {
  const network = networks[options.network];
  const folder = await mkdtemp(join(tmpdir(), "dvt-demo-"));
  shutdown.onStop(() => rm(folder, {recursive: true, force: true}));
  const files = await prepareFiles(options, network, folder, announce);
  const {validators, nodeIndexes} = await readFiles(files, network, options.startIndex);
  const {participantsFile, aggregatorKeyFile, seedFile} = await writeParticipants(folder, {
    network: options.network,
    operatorIds: [operatorId],
    clusters: [
      {
        id: clusterId,
        definition: files.clusterLock,
        operatorIds: [operatorId],
        shareIndexes: nodeIndexes.map((index) => index + 1),
      },
    ],
  });
  const participants = await loadParticipants(participantsFile, options.network);
  const servers = {...options, folder, participants, adminSeedFile: seedFile("admin")};
  const {natsUrl, mongoUrl, sharedAccount} = await useServers(servers, shutdown, announce);

  const common = {
    NETWORK: options.network,
    NATS_URL: natsUrl,
    NATS_SHARED_ACCOUNT: String(sharedAccount),
    PARTICIPANTS_FILE: participantsFile,
    ORACLES_CONFIG_FILE: files.oracles,
    LOG_LEVEL: "warn",
  };
  await runDvt(["streams", "apply"], {...common, NATS_SEED_FILE: seedFile("admin")});

  announce(`starting the roles: relayer, ${nodeIndexes.length} sidecars, aggregator`);
  const running = {...common, LOG_LEVEL: "info", MONGODB_URL: mongoUrl};
  const aggregator = {AGGREGATOR_PRIVATE_KEY_FILE: aggregatorKeyFile, NATS_SEED_FILE: seedFile("aggregator")};
  const roles = await Promise.all([
    startRole("relayer", {...running, NATS_SEED_FILE: seedFile("relayer")}, shutdown),
    startRole("aggregator", {...running, ...aggregator}, shutdown),
    ...nodeIndexes.map((nodeIndex) => {
      const own = {
        OBOL_CLUSTER_LOCK_FILE: files.clusterLock,
        OBOL_KEYSTORES_DIR: keystoresOf(files.keystoresTemplate, nodeIndex),
        OBOL_NODE_INDEX: String(nodeIndex),
        SIDECAR_STATE_FILE: join(folder, `sidecar-${nodeIndex}.jsonl`),
        EXITS_PER_HOUR: String(Math.max(1000, validators.length)),
        NATS_SEED_FILE: seedFile(`sidecar-${clusterId}-${nodeIndex + 1}`),
      };
      return startRole("sidecar", {...running, ...own}, {onStop: shutdown.onStop, name: `sidecar of node ${nodeIndex}`});
    }),
  ]);

  announce(`asking for the exits of ${validators.length} validators`);
  const args = [
    "--deposit-data",
    files.depositData,
    "--start-index",
    String(options.startIndex),
    "--output",
    options.output,
    "--timeout",
    "300",
  ];
  const asOperator = {OPERATOR_ID: operatorId, NATS_SEED_FILE: seedFile(`operator-${operatorId}`)};
  const operator = startDvt(["operator", "request", ...args], {...common, ...asOperator}, "operator");
  shutdown.onStop(operator.stop);
  operator.process.stderr?.pipe(process.stderr, {end: false});
  const code = await Promise.race([operator.ended, ...roles.map(endedEarly)]);
  if (code !== 0) throw new DvtError("DEMO_FAILED", `the operator ended with ${code}`);

  announce(files.oracleKeys ? "checking as the oracles would: decrypt, verify, recover" : "checking the public key shards");
  const oracleSet = await loadOracleSet(files.oracles);
  await checkResults(options.output, {network, oracleSet, validators}, files.oracleKeys);
  return toSummary(operator.output(), options.output, files.oracleKeys ? oracleSet.threshold : undefined);
}

async function prepareFiles(
  options: DemoOptions,
  network: Network,
  folder: string,
  announce: (step: string) => void,
): Promise<Files> {
  const {nodes, threshold, validators, oracleCount, oracleThreshold} = options;
  const oracles = options.oracles ?? join(folder, "oracles.json");
  const oracleKeys =
    options.oracles === undefined ? await writeOracles(oracles, {count: oracleCount, threshold: oracleThreshold}) : undefined;
  const made = {oracles, ...(oracleKeys && {oracleKeys})};
  if (options.cluster) return {...options.cluster, ...made};
  announce(`making a cluster: ${validators} validators, ${nodes} nodes, ${threshold} of them sign`);
  await mkdir(join(folder, "cluster"));
  return {...(await writeCluster(join(folder, "cluster"), network, {validators, nodes, threshold})), ...made};
}

/** What will be asked for, and the nodes whose keystores are here: enough of them to sign, or the demo says so before it starts. */
async function readFiles(files: Files, network: Network, startIndex: number) {
  const lock = await loadObolLock(files.clusterLock, network.name);
  const publicKeys = await readDepositData(files.depositData, network);
  const validators = publicKeys.map((publicKey, position) => ({publicKey, validatorIndex: startIndex + position}));
  const [first] = lock.validators.values();
  const nodeIndexes: number[] = [];
  for (const shareIndex of first?.publicKeyShares.keys() ?? []) {
    const present = await access(keystoresOf(files.keystoresTemplate, shareIndex - 1)).then(
      () => true,
      () => false,
    );
    if (present) nodeIndexes.push(shareIndex - 1);
  }
  if (nodeIndexes.length < lock.threshold) {
    const looked = keystoresOf(files.keystoresTemplate, 0);
    throw new DvtError(
      "KEYSTORES_MISSING",
      `find keystores: ${nodeIndexes.length} nodes have some, ${lock.threshold} must sign; the first was looked for in ${looked}`,
    );
  }
  return {validators, nodeIndexes};
}

const endedEarly = async (role: Child): Promise<never> => {
  const code = await role.ended;
  throw new DvtError("DEMO_FAILED", `a role ended (${code}) in the middle of the demo:\n${role.output()}`);
};

const toSummary = (told: string, output: string, threshold: number | undefined): string => {
  const completed = told.split("\n").find((line) => line.includes("exits completed")) ?? "";
  const checked =
    threshold === undefined
      ? "The public key shards belong to the validators' keys."
      : `Every oracle could open and verify its shard, and ${threshold} of them recovered each exit.`;
  return `\n${completed}.\n${checked}\nResults: ${output}\n`;
};
