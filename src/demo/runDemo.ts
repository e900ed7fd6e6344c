import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {readDepositData} from "../client/depositData.js";
import {networks} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {loadOracleSet} from "../oracles/oracleSet.js";
import {loadParticipants} from "../participants/participants.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {checkResults} from "./checkResults.js";
import type {Child} from "./childProcess.js";
import type {DemoCluster} from "./demoCluster.js";
import {runDvt, startDvt, startRole} from "./dvtProcess.js";
import {type ClusterOptions, makeDemoClusters} from "./makeDemoClusters.js";
import {writeOracles} from "./makeOracles.js";
import {writeParticipants} from "./makeParticipants.js";
import {useServers} from "./useServers.js";

export type DemoOptions = ClusterOptions & {
  network: keyof typeof networks;
  oracleCount: number;
  oracleThreshold: number;
  startIndex: number;
  output: string;
  /** The user's own file instead of a generated one. */
  oracles?: string;
  natsUrl?: string;
  mongoUrl?: string;
};

type Oracles = {file: string; privateKeys?: Uint8Array[]};

const operatorId = "demo";

/** Runs the whole system on this machine, every role a process of its own, asks for the exits and checks what comes out. */
export async function runDemo(options: DemoOptions, shutdown: Shutdown, announce: (step: string) => void): Promise<string> {
  const network = networks[options.network];
  const folder = await mkdtemp(join(tmpdir(), "dvt-demo-"));
  shutdown.onStop(() => rm(folder, {recursive: true, force: true}));
  const oracles = await prepareOracles(options, folder);
  const clusters = await makeDemoClusters(options, {folder, network, announce});
  const depositData = await mergeDepositData(clusters, folder);
  const publicKeys = await readDepositData(depositData, network);
  const validators = publicKeys.map((publicKey, position) => ({publicKey, validatorIndex: options.startIndex + position}));
  const {participantsFile, aggregatorKeyFile, seedFile} = await writeParticipants(folder, {
    network: options.network,
    operatorIds: [operatorId],
    clusters: clusters.map((cluster) => ({...cluster, operatorIds: [operatorId]})),
  });
  const participants = await loadParticipants(participantsFile, options.network);
  const servers = {...options, folder, participants, adminSeedFile: seedFile("admin")};
  const {natsUrl, mongoUrl, sharedAccount} = await useServers(servers, shutdown, announce);

  const common = {
    NETWORK: options.network,
    NATS_URL: natsUrl,
    NATS_SHARED_ACCOUNT: String(sharedAccount),
    PARTICIPANTS_FILE: participantsFile,
    ORACLES_CONFIG_FILE: oracles.file,
    LOG_LEVEL: "warn",
  };
  await runDvt(["streams", "apply"], {...common, NATS_SEED_FILE: seedFile("admin")});

  const sidecars = sidecarsOf(clusters, {folder, seedFile, exits: validators.length});
  announce(`starting the roles: relayer, ${sidecars.length} sidecars, aggregator`);
  const running = {...common, LOG_LEVEL: "info", MONGODB_URL: mongoUrl};
  const aggregator = {AGGREGATOR_PRIVATE_KEY_FILE: aggregatorKeyFile, NATS_SEED_FILE: seedFile("aggregator")};
  const roles = await Promise.all([
    startRole("relayer", {...running, NATS_SEED_FILE: seedFile("relayer")}, shutdown),
    startRole("aggregator", {...running, ...aggregator}, shutdown),
    ...sidecars.map(({name, env}) => startRole("sidecar", {...running, ...env}, {onStop: shutdown.onStop, name})),
  ]);

  announce(`asking for the exits of ${validators.length} validators`);
  const args = [
    "--deposit-data",
    depositData,
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

  announce(oracles.privateKeys ? "checking as the oracles would: decrypt, verify, recover" : "checking the public key shards");
  const oracleSet = await loadOracleSet(oracles.file);
  await checkResults(options.output, {network, oracleSet, validators}, oracles.privateKeys);
  return toSummary(operator.output(), options.output, oracles.privateKeys ? oracleSet.threshold : undefined);
}

async function prepareOracles({oracles, oracleCount, oracleThreshold}: DemoOptions, folder: string): Promise<Oracles> {
  if (oracles !== undefined) return {file: oracles};
  const file = join(folder, "oracles.json");
  return {file, privateKeys: await writeOracles(file, {count: oracleCount, threshold: oracleThreshold})};
}

/** One file of all clusters' deposits, so that one batch asks for the exits of all of them. */
async function mergeDepositData(clusters: readonly DemoCluster[], folder: string): Promise<string> {
  const [first, ...others] = clusters.map(({depositData}) => depositData);
  if (first !== undefined && others.length === 0) return first;
  const merged = join(folder, "deposit_data.json");
  const deposits: unknown[] = [];
  for (const {depositData} of clusters) deposits.push(...(JSON.parse(await readFile(depositData, "utf8")) as unknown[]));
  await writeFile(merged, JSON.stringify(deposits));
  return merged;
}

type Home = {folder: string; seedFile(participant: string): string; exits: number};

const sidecarsOf = (clusters: readonly DemoCluster[], {folder, seedFile, exits}: Home) =>
  clusters.flatMap(({id, shareIndexes, sidecarEnv}) =>
    shareIndexes.map((shareIndex) => {
      const name = `sidecar-${id}-${shareIndex}`;
      const env = {
        ...sidecarEnv(shareIndex),
        CLUSTER_ID: id,
        SIDECAR_STATE_FILE: join(folder, `${name}.jsonl`),
        EXITS_PER_HOUR: String(Math.max(1000, exits)),
        NATS_SEED_FILE: seedFile(name),
      };
      return {name, env};
    }),
  );

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
