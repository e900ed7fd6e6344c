import {join} from "node:path";
import {projectRoot} from "../runtime/projectRoot.js";
import {quoted, toEnvLines, writeEnvFile} from "./envFile.js";
import type {Demo} from "./prepareDemo.js";
import type {Roles} from "./startRoles.js";

type Env = Readonly<Record<string, string>>;

/** What a user can do with a demo that is up, to paste. */
export type HowTo = {
  /** How to run the sidecars that are the user's. */
  readonly sidecars: string;
  readonly all: string;
};

/** Writes the settings of what the user may run into the demo's folder, and says how to run it. */
export async function writeHowTo(demo: Demo, gateway: Roles["gateway"]): Promise<HowTo> {
  await writeEnvFile(envFileOf(demo, "operator"), demo.operatorEnv);
  for (const {name, env} of theirs(demo)) await writeEnvFile(envFileOf(demo, name), {...demo.env, ...env});
  if (gateway) await writeEnvFile(envFileOf(demo, "gateway"), forAnother(gateway.env));
  return toHowTo(demo, gateway?.url);
}

function toHowTo(demo: Demo, gatewayUrl: string | undefined): HowTo {
  const sidecars = aboutSidecars(demo, gatewayUrl);
  const parts = [
    aboutFiles(demo),
    ...(gatewayUrl === undefined ? [] : [aboutGateway(demo, gatewayUrl)]),
    sidecars,
    aboutOperator(demo),
  ];
  return {sidecars: `\n${sidecars}\n`, all: `\n${parts.join("\n\n")}\n`};
}

/** Beside the demo's own, on any port; with the validators manager's key the chain has to say the next index. */
function forAnother({NEXT_VALIDATOR_INDEX: _, ...env}: Env): Env {
  return {...env, GATEWAY_PORT: "0"};
}

const theirs = ({sidecars}: Demo) => sidecars.filter(({isOurs}) => !isOurs);
const envFileOf = ({folder}: Demo, name: string): string => join(folder, `${name}.env`);

const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join("\n");

function aboutFiles({folder, clusters}: Demo): string {
  const files = clusters.map(({definition, keys}) => `${definition}, its nodes' keys in ${keys}`);
  return `Everything stays up until Ctrl+C. What was made, and goes with it, is in ${folder}:\n\n${indented(files)}`;
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
    `The gateway, over HTTP, with a page on ${url}/docs:`,
    indented(requests),
    "For StakeWise's operator; the second line is v3's:",
    indented([`RELAYER_ENDPOINT=${url}`, "RELAYER_TYPE=DVT"]),
    "From v4 on it needs the validators manager's key, and VALIDATOR_TYPE as in the deposit data. A gateway of yours, on any port, that has " +
      `the key in these variables, which you export first: ${ofManager.join(", ")}`,
    indented([dvtWith(envFileOf(demo, "gateway"), roleOf(demo, "gateway"))]),
  ].join("\n\n");
}

const ofManager = [
  ...["VALIDATORS_MANAGER_KEY_FILE", "VALIDATORS_MANAGER_PASSWORD_FILE", "VALIDATORS_MANAGER_RULES_FILE"],
  ...["EXECUTION_ENDPOINT", "CONSENSUS_ENDPOINT"],
];

function aboutSidecars(demo: Demo, url: string | undefined): string {
  const yours = theirs(demo);
  if (yours.length === 0) return "The demo runs all sidecars. Leave some to yourself with --sidecars N.";
  const commands = yours.map(({name}) => dvtWith(envFileOf(demo, name), roleOf(demo, "sidecar")));
  const onBus = `These sidecars are yours. On the bus, each in a shell of its own:\n\n${indented(commands)}`;
  if (url === undefined) return onBus;
  const blocks = demo.clusters
    .filter(({shareIndexes, ours}) => ours.length < shareIndexes.length)
    .map(({shareIndexes, ours, sidecarsEnv}) => {
      const nodes = sidecarsEnv(shareIndexes.filter((it) => !ours.includes(it)));
      return indented(toEnvLines({RELAYER_ENDPOINT: url, NETWORK: demo.network.name, ...nodes}));
    });
  const overHttp = `Or over HTTP, StakeWise's sidecar, one process for all of a cluster, with these settings:\n\n${blocks.join("\n\n")}`;
  const aboutSsv =
    "From v1 on it reads SSV clusters from the chain, where the demo's are not: one before v1 reads SSV_KEYSHARES_FILE.";
  return [onBus, overHttp, ...(overHttp.includes("SSV_KEYSHARES_FILE") ? [aboutSsv] : [])].join("\n\n");
}

function aboutOperator(demo: Demo): string {
  const [first] = demo.validators;
  const next = (first?.validatorIndex ?? 0) + demo.validators.length;
  const request = `operator request --deposit-data ${quoted(demo.depositData)} --start-index ${next}`;
  return `To ask for exits on the bus, at other indexes, with --deposits where a StakeWise sidecar from v2 on signs:\n\n${indented([dvtWith(envFileOf(demo, "operator"), request)])}`;
}

const roleOf = ({flags}: Demo, role: string): string => [role, ...flags].join(" ");

const dvtWith = (envFile: string, command: string): string =>
  `(set -a; . ${quoted(envFile)}; npm run -s --prefix ${quoted(projectRoot)} dvt -- ${command})`;
