import {join} from "node:path";
import {DvtError} from "../errors.js";
import {loadOracleSet} from "../oracles/oracleSet.js";
import {readText, writeFileAtomic} from "../runtime/files.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {checkResults} from "../sandbox/checkResults.js";
import {startDvt} from "../sandbox/dvtProcess.js";
import {demoVault} from "../sandbox/makeCluster.js";
import {writeOracles} from "../sandbox/writeOracles.js";
import {askForDeposits} from "./askForDeposits.js";
import type {DemoOptions} from "./demoOptions.js";
import {type Demo, makeDemoFolder, prepareDemo} from "./prepareDemo.js";
import {type Roles, startRoles, untilStopped} from "./startRoles.js";
import {writeHowTo} from "./writeHowTo.js";

/** How the demo talks to the user. */
export type DemoOutput = {
  /** Prints the next step. */
  announce(step: string): void;
  /** Prints what the user asked for. */
  print(text: string): void;
};

/**
 * Runs the whole system on this machine, every role as its own process, asks for the exits and checks the results. With `keep`
 * everything stays up until the shutdown.
 */
export async function runDemo(options: DemoOptions, shutdown: Shutdown, {announce, print}: DemoOutput): Promise<void> {
  const folder = await makeDemoFolder(shutdown);
  const oracles = await prepareOracles(options, folder);
  const outside = {vault: demoVault, env: {ORACLES_CONFIG_FILE: oracles.file}};
  const demo = await prepareDemo(options, {...outside, folder}, shutdown, announce);
  const ours = demo.sidecars.filter(({isOurs}) => isOurs);
  const gateway = options.httpPort === undefined ? "" : ", gateway";
  announce(`starting the roles: relayer, ${ours.length} sidecars, aggregator${gateway}`);
  const roles = await startRoles(demo, options, shutdown);
  if (roles.gateway) announce(`the gateway answers on ${roles.gateway.url}`);
  if (roles.consoleUrl !== undefined) announce(`the console shows all of it on ${roles.consoleUrl}`);
  const howTo = await writeHowTo(demo, roles);

  announce(`asking for the exits of ${demo.validators.length} validators`);
  const missing = missingSigners(demo);
  if (missing.length > 0) {
    announce(`waiting for sidecars of yours to sign: ${missing.join(", ")}; Ctrl+C ends it`);
    print(howTo.sidecars);
  }
  if (roles.gateway) await askForDeposits(demo, options.startIndex);
  // The results of this run alone; the output may have those of an earlier one.
  const results = join(demo.folder, "results.json");
  const printed = await ask(demo, {...options, output: results, waits: missing.length > 0}, {roles, shutdown});

  const {privateKeys, file} = oracles;
  announce(privateKeys ? "checking as the oracles would: decrypt, verify, recover" : "checking the public key shards");
  const oracleSet = await loadOracleSet(file);
  await checkResults(results, {...demo, oracleSet}, privateKeys);
  await writeFileAtomic(options.output, await readText(results, "the results"));
  print(toSummary(printed, options.output, privateKeys ? oracleSet.threshold : undefined));
  if (!options.keep) return;
  print(howTo.all);
  await untilStopped(roles, shutdown);
}

/** `privateKeys`: only of generated oracles. */
type Oracles = {readonly file: string; readonly privateKeys?: readonly Uint8Array[]};

async function prepareOracles({oracles, oracleCount, oracleThreshold}: DemoOptions, folder: string): Promise<Oracles> {
  if (oracles !== undefined) return {file: oracles};
  const file = join(folder, "oracles.json");
  return {file, privateKeys: await writeOracles(file, {count: oracleCount, threshold: oracleThreshold})};
}

/** How many sidecars are still needed, for each cluster with too few of them here. */
const missingSigners = ({clusters}: Demo): string[] =>
  clusters.flatMap(({id, ours, threshold}) => (ours.length < threshold ? [`${threshold - ours.length} more of ${id}`] : []));

type AskOptions = {startIndex: number; output: string; waits: boolean};

/** Asks for the exits with the operator's command; returns what it printed. */
async function ask(
  {depositData, operatorEnv}: Demo,
  {startIndex, output, waits}: AskOptions,
  {roles, shutdown}: {roles: Roles; shutdown: Shutdown},
): Promise<string> {
  const args = ["--deposit-data", depositData, "--start-index", String(startIndex), "--output", output];
  const timeout = ["--timeout", waits ? "604800" : "300"];
  // On a terminal its bar stays a bar.
  const sharesStderr = process.stderr.isTTY;
  const env = {...operatorEnv, LOG_LEVEL: "warn"};
  const operator = startDvt(["operator", "request", ...args, ...timeout], env, {name: "operator", sharesStderr});
  shutdown.onStop(operator.stop);
  operator.process.stderr?.pipe(process.stderr, {end: false});
  const code = await Promise.race([operator.ended, roles.endedEarly]);
  if (code !== 0) throw new DvtError("DEMO_FAILED", `the operator ended with ${code}`);
  return operator.output();
}

const toSummary = (printed: string, output: string, threshold: number | undefined): string => {
  const completed = printed.split("\n").find((line) => line.includes("exits completed")) ?? "";
  const checked =
    threshold === undefined
      ? "The public key shards belong to the validators' keys."
      : `Every oracle could open and verify its shard, and ${threshold} of them recovered each exit.`;
  return `\n${completed}.\n${checked}\nResults: ${output}\n`;
};
