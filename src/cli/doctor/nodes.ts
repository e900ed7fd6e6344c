import {checkSynced} from "../../beacon/checkSynced.js";
import {connectBeacon} from "../../beacon/connectBeacon.js";
import {networks} from "../../consensus/networks.js";
import {parseEndpoints} from "../../http/endpoints.js";
import {agoText} from "../../runtime/agoText.js";
import {createLogger} from "../../runtime/logger.js";
import {type Check, toCheck} from "./check.js";
import type {Context} from "./context.js";

type NodesConfig = {
  readonly NETWORK: keyof typeof networks;
  readonly CONSENSUS_ENDPOINT?: string;
  readonly EXECUTION_ENDPOINT?: string;
};

const logger = createLogger({role: "doctor", level: "silent", format: "json"});

/** Each beacon node and each execution node, named by its host only: the rest of a URL may be a key. */
export const nodeChecks = (context: Context<NodesConfig>): Check[] => {
  const {CONSENSUS_ENDPOINT: beacons, EXECUTION_ENDPOINT: executions} = context.config;
  return [
    ...checksOf("beacon node", "CONSENSUS_ENDPOINT", beacons, (url) => askBeacon(url, context)),
    ...checksOf("execution node", "EXECUTION_ENDPOINT", executions, (url) => askExecution(url, context)),
  ];
};

function checksOf(what: string, variable: string, endpoints: string | undefined, ask: (url: URL) => Promise<string>): Check[] {
  if (endpoints === undefined) return [];
  try {
    return parseEndpoints(variable, endpoints).map((url) => toCheck(`${what} ${url.host}`, () => ask(url)));
  } catch (error) {
    return [toCheck(what, () => Promise.reject(error))];
  }
}

async function askBeacon(url: URL, {config, shutdown}: Context<NodesConfig>): Promise<string> {
  const network = networks[config.NETWORK];
  const beacon = connectBeacon(url.href, {network, signal: shutdown.signal, logger});
  const behind = await beacon.run(checkSynced);
  return `of ${network.name}, in sync${behind === 0 ? "" : `, ${behind} slots behind`}`;
}

async function askExecution(url: URL, {config, shutdown}: Context<NodesConfig>): Promise<string> {
  const network = networks[config.NETWORK];
  // viem takes a third of a second to load.
  const [{connectExecution}, {readLatest}] = await Promise.all([
    import("../../execution/connectExecution.js"),
    import("../../execution/heads.js"),
  ]);
  const execution = await connectExecution(url.href, {chain: network, signal: shutdown.signal, logger});
  const {number, timestamp} = await execution.run(readLatest);
  return `of ${network.name}, at block ${number} of ${agoText(Date.now() - timestamp * 1000)}`;
}
