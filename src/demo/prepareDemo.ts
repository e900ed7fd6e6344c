import {rmSync} from "node:fs";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {readDepositData} from "../client/depositData.js";
import {type Network, networks} from "../consensus/networks.js";
import {loadParticipants, type Participants} from "../participants/participants.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {guardFolder} from "../sandbox/childProcess.js";
import {runDvt} from "../sandbox/dvtProcess.js";
import {type ParticipantFiles, writeParticipants} from "../sandbox/writeParticipants.js";
import type {DemoCluster} from "./demoCluster.js";
import type {DemoOptions} from "./demoOptions.js";
import {type DemoSidecar, toDemoSidecars} from "./demoSidecars.js";
import {makeDemoClusters} from "./makeDemoClusters.js";
import {useServers} from "./useServers.js";

type Env = Readonly<Record<string, string>>;

/** A demo's files, servers and streams: everything that its roles need. */
export type Demo = {
  readonly network: Network;
  /** Everything that the demo makes; it is deleted when the demo ends. */
  readonly folder: string;
  readonly clusters: readonly DemoCluster[];
  readonly sidecars: readonly DemoSidecar[];
  readonly depositData: string;
  readonly validators: readonly {publicKey: string; validatorIndex: number}[];
  readonly keyFiles: ParticipantFiles;
  readonly participants: Participants;
  readonly servers: {readonly natsUrl: string; readonly mongoUrl: string; readonly sharedAccount: boolean};
  /** The variables of every command. */
  readonly env: Env;
  /** The options of every role. */
  readonly flags: readonly string[];
  readonly operatorEnv: Env;
};

/** The demo's only operator. */
export const operatorId = "demo";
/** Whoever looks at the console. */
export const viewerId = "console";

/** What is outside of the system: where its clusters stake, and the variables that say where oracles and nodes are. */
export type Outside = {readonly vault: string; readonly env: Env};

/** A folder for everything that the demo makes, deleted at its end. */
export async function makeDemoFolder(shutdown: Shutdown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dvt-demo-"));
  // Something may write there until the process ends.
  const patiently = {recursive: true, force: true, maxRetries: 10, retryDelay: 20};
  shutdown.onStop(() => rm(folder, patiently));
  // Without a clean shutdown no keys are left behind either.
  process.once("exit", () => rmSync(folder, patiently));
  guardFolder(folder);
  return folder;
}

/** Makes the files, starts or borrows the servers, and applies the streams. */
export async function prepareDemo(
  options: DemoOptions,
  {folder, vault, env: outside}: Outside & {folder: string},
  shutdown: Shutdown,
  announce: (step: string) => void,
): Promise<Demo> {
  const network = networks[options.network];
  const clusters = await makeDemoClusters(options, {folder, network, vault, announce});
  const depositData = await mergeDepositData(clusters, folder);
  const publicKeys = await readDepositData(depositData, network);
  const keyFiles = await writeParticipants(folder, {
    network: network.name,
    operatorIds: [operatorId],
    viewerIds: [viewerId],
    clusters: clusters.map((cluster) => ({...cluster, operatorIds: [operatorId]})),
  });
  const {participantsFile, seedFile} = keyFiles;
  const participants = await loadParticipants(participantsFile, network.name);
  const hasRealKeys = options.cluster !== undefined;
  const serverOptions = {...options, folder, participants, adminSeedFile: seedFile("admin"), hasRealKeys};
  const servers = await useServers(serverOptions, shutdown, announce);
  const env = {
    NETWORK: network.name,
    NATS_URL: servers.natsUrl,
    NATS_SHARED_ACCOUNT: String(servers.sharedAccount),
    PARTICIPANTS_FILE: participantsFile,
    ...outside,
  };
  await runDvt(["streams", "apply"], {...env, LOG_LEVEL: "warn", NATS_SEED_FILE: seedFile("admin")});
  return {
    network,
    folder,
    clusters,
    depositData,
    keyFiles,
    participants,
    servers,
    env,
    sidecars: toDemoSidecars(clusters, {folder, seedFile, exits: publicKeys.length}),
    validators: publicKeys.map((publicKey, position) => ({publicKey, validatorIndex: options.startIndex + position})),
    flags: options.verify ? [] : ["--no-verify"],
    operatorEnv: {...env, OPERATOR_ID: operatorId, NATS_SEED_FILE: seedFile(`operator-${operatorId}`)},
  };
}

/** Merges the clusters' deposits into one file, so that one command asks for the exits of all clusters. */
async function mergeDepositData(clusters: readonly DemoCluster[], folder: string): Promise<string> {
  const [first, ...others] = clusters.map(({depositData}) => depositData);
  if (first !== undefined && others.length === 0) return first;
  const merged = join(folder, "deposit_data.json");
  const deposits: unknown[] = [];
  for (const {depositData} of clusters) deposits.push(...(JSON.parse(await readFile(depositData, "utf8")) as unknown[]));
  await writeFile(merged, JSON.stringify(deposits));
  return merged;
}
