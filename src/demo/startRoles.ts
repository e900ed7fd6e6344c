import {once} from "node:events";
import {copyFile, mkdir} from "node:fs/promises";
import {join} from "node:path";
import {readDeposits} from "../client/depositData.js";
import {DvtError} from "../errors.js";
import type {Shutdown} from "../runtime/shutdown.js";
import type {Child} from "../sandbox/childProcess.js";
import {startRole} from "../sandbox/dvtProcess.js";
import type {DemoOptions} from "./demoOptions.js";
import {type Demo, operatorId, viewerId} from "./prepareDemo.js";

/** The roles that the demo runs. */
export type Roles = {
  readonly relayer: Child;
  readonly aggregator: Child;
  /** Rejects with DEMO_FAILED when one of them ends by itself. */
  readonly endedEarly: Promise<never>;
  readonly gateway: {readonly url: string; readonly env: Readonly<Record<string, string>>} | undefined;
  /** Where the console is looked at; undefined if the demo does not stay up. */
  readonly consoleUrl: string | undefined;
};

/** Starts every role that the demo runs itself, each as its own process. */
export async function startRoles(
  demo: Demo,
  {httpPort, startIndex, keep}: Pick<DemoOptions, "httpPort" | "startIndex" | "keep">,
  shutdown: Shutdown,
): Promise<Roles> {
  const {sidecars, keyFiles, servers, flags} = demo;
  const {onStop} = shutdown;
  const {seedFile, aggregatorKeyFile} = keyFiles;
  const env = {...demo.env, MONGODB_URL: servers.mongoUrl};
  const checkpoint = (role: string) => ({ORACLES_CHECKPOINT_FILE: join(demo.folder, `${role}-oracles.json`)});
  const aggregatorKeys = {AGGREGATOR_PRIVATE_KEY_FILE: aggregatorKeyFile, NATS_SEED_FILE: seedFile("aggregator")};
  const ours = sidecars.filter(({isOurs}) => isOurs);
  const [relayer, aggregator, signing, gateway, page] = await Promise.all([
    startRole("relayer", {...env, ...checkpoint("relayer"), NATS_SEED_FILE: seedFile("relayer")}, {onStop, flags}),
    startRole("aggregator", {...env, ...checkpoint("aggregator"), ...aggregatorKeys}, {onStop, flags}),
    Promise.all(ours.map(({name, env: own}) => startRole("sidecar", {...env, ...own}, {onStop, flags, name}))),
    httpPort === undefined ? undefined : startGateway(demo, {...env, ...gatewayEnv(httpPort, startIndex)}, shutdown),
    keep ? startConsole(demo, shutdown) : undefined,
  ]);
  const started = [relayer, aggregator, ...signing, ...[gateway, page].flatMap((it) => it?.process ?? [])];
  const endedEarly = Promise.race(started.map(toFailure));
  endedEarly.catch(() => {});
  return {relayer, aggregator, endedEarly, gateway, consoleUrl: page?.url};
}

const toFailure = async (role: Child): Promise<never> => {
  const code = await role.ended;
  throw new DvtError("DEMO_FAILED", `a role ended (${code}) in the middle of the demo:\n${role.output()}`);
};

/** Waits until the demo is stopped, and rejects then. */
export async function untilStopped({endedEarly}: Roles, {signal}: Shutdown): Promise<void> {
  await Promise.race([once(signal, "abort"), endedEarly]);
  signal.throwIfAborted();
}

/** Starts the console on any port of this machine. It needs no database. */
async function startConsole({env, keyFiles}: Demo, {onStop}: Shutdown) {
  const own = {CONSOLE_PORT: "0", NATS_SEED_FILE: keyFiles.seedFile(`viewer-${viewerId}`)};
  const process = await startRole("console", {...env, ...own}, {onStop});
  return {process, url: await addressOf(process)};
}

const addressOf = async (process: Child): Promise<string> => {
  const [, port] = await process.line(/ listening .*"port":(\d+)/);
  return `http://127.0.0.1:${port}`;
};

/** The gateway's operator asks for the same exits as the demo, so they are ready at once. */
const gatewayEnv = (httpPort: number, startIndex: number): Record<string, string> => ({
  GATEWAY_PORT: String(httpPort),
  NEXT_VALIDATOR_INDEX: String(startIndex),
});

/** The vaults of the deposits. */
const vaultsOf = async ({depositData, network}: Demo): Promise<Record<string, string>> => {
  const vaults = (await readDeposits(depositData, network)).map(({deposit}) => deposit.vault);
  return {ALLOWED_VAULTS: [...new Set(vaults)].join(",")};
};

/** Starts the gateway, which speaks for the operator and for the sidecars that the demo does not run. */
async function startGateway(demo: Demo, env: Record<string, string>, {onStop}: Shutdown) {
  const {folder, sidecars, keyFiles, flags} = demo;
  const seeds = join(folder, "gateway-seeds");
  await mkdir(seeds, {mode: 0o700});
  const served = [`operator-${operatorId}`, ...sidecars.filter(({isOurs}) => !isOurs).map(({name}) => name)];
  for (const name of served) await copyFile(keyFiles.seedFile(name), join(seeds, `${name}.nkey`));
  const {EXITS_PER_HOUR = ""} = sidecars[0]?.env ?? {};
  const own = {EXITS_PER_HOUR, GATEWAY_SEEDS_DIR: seeds, GATEWAY_STATE_FILE: join(folder, "gateway-state.jsonl")};
  const withSeeds = {...env, ...(await vaultsOf(demo)), ...own};
  const process = await startRole("gateway", withSeeds, {onStop, flags});
  return {process, url: await addressOf(process), env: withSeeds};
}
