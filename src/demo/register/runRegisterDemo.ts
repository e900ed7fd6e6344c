import {networks} from "../../consensus/networks.js";
import {countText} from "../../runtime/countText.js";
import type {Shutdown} from "../../runtime/shutdown.js";
import type {DemoOptions} from "../demoOptions.js";
import {makeDemoFolder, prepareDemo} from "../prepareDemo.js";
import type {DemoOutput} from "../runDemo.js";
import {startRoles, untilStopped} from "../startRoles.js";
import {createRunOperator} from "./createRunOperator.js";
import {coinText, playOutside} from "./playOutside.js";
import {showRegistration} from "./showRegistration.js";
import {showRotation} from "./showRotation.js";
import {writeOperatorFiles} from "./writeOperatorFiles.js";
import {writeRegisterHowTo} from "./writeRegisterHowTo.js";

/**
 * Brings validators into a vault on a chain of this machine's own, and renews their exits once the oracles have changed, with the commands that
 * an operator calls. What came of it is read from the chain. With `keep` everything stays up until the shutdown.
 */
export async function runRegisterDemo(options: DemoOptions, shutdown: Shutdown, {announce, print}: DemoOutput): Promise<void> {
  const network = networks[options.network];
  const {oracleCount, oracleThreshold: threshold, clusterTypes} = options;
  const all = options.validators * clusterTypes.length;
  // The others are for whoever goes on afterwards.
  const stakes = Math.ceil(all / 2);
  announce("playing what is outside: a chain (anvil), StakeWise's contracts and oracles, a beacon node, an IPFS gateway");
  const outside = await playOutside({network, oracleCount, threshold, stakes, batchLimit: all}, shutdown);
  announce(`vault ${outside.vault} has ${coinText(network, stakes)}; any ${threshold} of ${oracleCount} oracles recover an exit`);
  const folder = await makeDemoFolder(shutdown);
  const demo = await prepareDemo(options, {...outside, folder}, shutdown, announce);
  announce(`starting the roles: relayer, ${demo.sidecars.filter(({isOurs}) => isOurs).length} sidecars, aggregator`);
  const roles = await startRoles(demo, options, shutdown);
  const operatorEnv = await writeOperatorFiles(demo, outside);
  const needs = [roles.endedEarly, outside.endedEarly];
  const stage = {outside, roles, announce, runOperator: createRunOperator(operatorEnv, {needs, shutdown, announce})};

  const publicKeys = await showRegistration(stage, stakes);
  await showRotation(stage, publicKeys);
  const exits = publicKeys.length === 1 ? "its exit" : "their exits";
  announce(
    `all of it held: the demo has shown ${countText(publicKeys.length, "validator")} in a vault, registered and ${exits} renewed`,
  );
  if (!options.keep) return;
  print(await writeRegisterHowTo(demo, outside, {operatorEnv, consoleUrl: roles.consoleUrl}));
  await Promise.race([untilStopped(roles, shutdown), outside.endedEarly]);
}
