import {join} from "node:path";
import {dvtWith, indented} from "./commandText.js";
import {quoted, toEnvLines, writeEnvFile} from "./envFile.js";
import type {Demo} from "./prepareDemo.js";
import type {Roles} from "./startRoles.js";

type Env = Readonly<Record<string, string>>;

/** Commands for the user to paste while the demo is up. */
export type HowTo = {
  /** How to run the user's own sidecars. */
  readonly sidecars: string;
  readonly all: string;
};

/** Writes the settings of what the user may run into the demo's folder, and returns how to run it. */
export async function writeHowTo(demo: Demo, {gateway, consoleUrl}: Pick<Roles, "gateway" | "consoleUrl">): Promise<HowTo> {
  await writeEnvFile(envFileOf(demo, "operator"), demo.operatorEnv);
  for (const {name, env} of theirs(demo)) await writeEnvFile(envFileOf(demo, name), {...demo.env, ...env});
  if (gateway) await writeEnvFile(envFileOf(demo, "gateway"), forAnother(gateway.env));
  return toHowTo(demo, gateway?.url, consoleUrl);
}

function toHowTo(demo: Demo, gatewayUrl: string | undefined, consoleUrl: string | undefined): HowTo {
  const sidecars = aboutSidecars(demo, gatewayUrl);
  const parts = [
    aboutFiles(demo),
    ...(consoleUrl === undefined ? [] : [`What happens, live, read-only:\n\n${indented([consoleUrl])}`]),
    ...(gatewayUrl === undefined ? [] : [aboutGateway(demo, gatewayUrl)]),
    sidecars,
    aboutOperator(demo),
  ];
  return {sidecars: `\n${sidecars}\n`, all: `\n${parts.join("\n\n")}\n`};
}

/** The settings of a second gateway: any port, and the next index from the chain, which the validators manager's key requires. */
function forAnother({NEXT_VALIDATOR_INDEX: _, ...env}: Env): Env {
  return {...env, GATEWAY_PORT: "0"};
}

const theirs = ({sidecars}: Demo) => sidecars.filter(({isOurs}) => !isOurs);
const envFileOf = ({folder}: Demo, name: string): string => join(folder, `${name}.env`);

function aboutFiles({folder, clusters}: Demo): string {
  const files = clusters.map(({definition, keys}) => `${definition}, its nodes' keys in ${keys}`);
  return `Everything stays up until Ctrl+C. The generated files, deleted at the end, are in ${folder}:\n\n${indented(files)}`;
}

function aboutGateway(demo: Demo, url: string): string {
  const body = JSON.stringify({public_keys: demo.validators.slice(0, 1).map(({publicKey}) => publicKey)});
  const requests = [
    `curl ${url}/info`,
    `curl ${url}/openapi.json`,
    `curl ${url}/exits`,
    `curl -H 'content-type: application/json' -d '${body}' ${url}/validators`,
  ];
  return [
    `The gateway's HTTP API, with a page on ${url}/docs:`,
    indented(requests),
    "For StakeWise's operator; v3 needs the second line:",
    indented([`RELAYER_ENDPOINT=${url}`, "RELAYER_TYPE=DVT"]),
    "From v4 on it needs the validators manager's key, and VALIDATOR_TYPE as in the deposit data. To start your own gateway, on any port, " +
      `with that key, export these variables first: ${managerVariables.join(", ")}`,
    indented([dvtWith(envFileOf(demo, "gateway"), roleOf(demo, "gateway"))]),
  ].join("\n\n");
}

const managerVariables = [
  ...["VALIDATORS_MANAGER_KEY_FILE", "VALIDATORS_MANAGER_PASSWORD_FILE", "VALIDATORS_MANAGER_RULES_FILE"],
  ...["EXECUTION_ENDPOINT", "CONSENSUS_ENDPOINT"],
];

function aboutSidecars(demo: Demo, url: string | undefined): string {
  const yours = theirs(demo);
  if (yours.length === 0) return "The demo runs all sidecars. To run some yourself: --sidecars N.";
  const commands = yours.map(({name}) => dvtWith(envFileOf(demo, name), roleOf(demo, "sidecar")));
  const onBus = `These sidecars are yours. To run them on the bus, each in its own shell:\n\n${indented(commands)}`;
  if (url === undefined) return onBus;
  const blocks = demo.clusters
    .filter(({shareIndexes, ours}) => ours.length < shareIndexes.length)
    .map(({shareIndexes, ours, sidecarsEnv}) => {
      const nodes = sidecarsEnv(shareIndexes.filter((it) => !ours.includes(it)));
      return indented(toEnvLines({RELAYER_ENDPOINT: url, NETWORK: demo.network.name, ...nodes}));
    });
  const overHttp = `Or StakeWise's sidecar, over HTTP, one process for each cluster, with these settings:\n\n${blocks.join("\n\n")}`;
  const aboutSsv =
    "From v1 on it reads SSV clusters from the chain, which does not have the demo's; earlier versions read SSV_KEYSHARES_FILE.";
  return [onBus, overHttp, ...(overHttp.includes("SSV_KEYSHARES_FILE") ? [aboutSsv] : [])].join("\n\n");
}

function aboutOperator(demo: Demo): string {
  const [first] = demo.validators;
  const next = (first?.validatorIndex ?? 0) + demo.validators.length;
  const request = `operator request --deposit-data ${quoted(demo.depositData)} --start-index ${next}`;
  return `To ask for exits on the bus, at other indexes; add --deposits where a StakeWise sidecar of v2 or later signs:\n\n${indented([dvtWith(envFileOf(demo, "operator"), request)])}`;
}

const roleOf = ({flags}: Demo, role: string): string => [role, ...flags].join(" ");
