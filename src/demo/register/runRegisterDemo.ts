import {type Network, networks} from "../../consensus/networks.js";
import {DvtError} from "../../errors.js";
import type {Shutdown} from "../../runtime/shutdown.js";
import {startDvt} from "../../sandbox/dvtProcess.js";
import type {DemoOptions} from "../demoOptions.js";
import {makeDemoFolder, prepareDemo} from "../prepareDemo.js";
import type {DemoOutput} from "../runDemo.js";
import {startRoles, untilStopped} from "../startRoles.js";
import {checkShards} from "./checkShards.js";
import {coinOf, playOutside, stakeOf} from "./playOutside.js";
import {readVault} from "./readVault.js";
import {writeOperatorFiles} from "./writeOperatorFiles.js";
import {writeRegisterHowTo} from "./writeRegisterHowTo.js";

/**
 * Brings validators into a vault on a chain of this machine's own, with the command that an operator calls, and reads back from the chain what
 * came of it. With `keep` everything stays up until the shutdown.
 */
export async function runRegisterDemo(options: DemoOptions, shutdown: Shutdown, {announce, print}: DemoOutput): Promise<void> {
  const network = networks[options.network];
  const {oracleCount, oracleThreshold, clusterTypes} = options;
  const all = options.validators * clusterTypes.length;
  // The others are for whoever goes on afterwards.
  const stakes = Math.ceil(all / 2);
  announce("playing what is outside: a chain (anvil), StakeWise's contracts and oracles, a beacon node, an IPFS gateway");
  const outside = await playOutside({network, oracleCount, oracleThreshold, stakes, batchLimit: all}, shutdown);
  announce(
    `vault ${outside.vault} has ${stakeText(network, stakes)}; any ${oracleThreshold} of ${oracleCount} oracles recover an exit`,
  );
  const folder = await makeDemoFolder(shutdown);
  const demo = await prepareDemo(options, {...outside, folder}, shutdown, announce);
  announce(`starting the roles: relayer, ${demo.sidecars.filter(({isOurs}) => isOurs).length} sidecars, aggregator`);
  const roles = await startRoles(demo, options, shutdown);
  const operatorEnv = await writeOperatorFiles(demo, outside);
  const runOperator = createRunOperator(operatorEnv, {others: [roles.endedEarly, outside.endedEarly], shutdown, announce});

  await runOperator("operator", "register", "--vault", outside.vault, "--yes");
  const {publicKeys, assets, shardsCid} = await readVault(outside);
  if (publicKeys.length !== stakes) {
    throw new DvtError("DEMO_FAILED", `the chain shows ${publicKeys.length} validators of the vault instead of ${stakes}`);
  }
  announce(
    `the chain shows ${publicKeys.length} of its validators, and ${assets / 10n ** 18n} ${coinOf(network)} left in the vault`,
  );
  const exits = await checkShards({...outside, threshold: oracleThreshold}, shardsCid);
  announce(
    `IPFS has the shards of ${exits === 1 ? "1 exit" : `${exits} exits`}: each of ${oracleCount} oracles opened its own, and ${oracleThreshold} recover each exit`,
  );
  if (!options.keep) return;
  print(await writeRegisterHowTo(demo, outside, {operatorEnv, consoleUrl: roles.consoleUrl}));
  await Promise.race([untilStopped(roles, shutdown), outside.endedEarly]);
}

const stakeText = (network: Network, stakes: number): string =>
  `${(BigInt(stakes) * stakeOf(network)) / 10n ** 18n} ${coinOf(network)}`;

type Running = {
  /** What rejects when something ends that the command needs. */
  readonly others: readonly Promise<never>[];
  readonly shutdown: Shutdown;
  readonly announce: (step: string) => void;
};

/** Runs a command as a user would, and shows what it prints; DEMO_FAILED unless it ends with 0. */
const createRunOperator =
  (env: Readonly<Record<string, string>>, {others, shutdown, announce}: Running) =>
  async (...args: readonly string[]): Promise<void> => {
    announce(`$ dvt ${args.join(" ")}`);
    // On a terminal its bar stays a bar.
    const sharesStderr = process.stderr.isTTY;
    const command = startDvt(args, {...env, LOG_LEVEL: "warn"}, {sharesStderr});
    shutdown.onStop(command.stop);
    command.process.stderr?.pipe(process.stderr, {end: false});
    command.process.stdout?.pipe(process.stdout, {end: false});
    const code = await Promise.race([command.ended, ...others]);
    if (code !== 0) throw new DvtError("DEMO_FAILED", `dvt ${args.join(" ")} ended with ${code}`);
  };
