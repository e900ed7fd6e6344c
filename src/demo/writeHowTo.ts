import {join} from "node:path";
import {quoted, toEnvLines, writeEnvFile} from "./envFile.js";
import type {Demo} from "./prepareDemo.js";
import {projectRoot} from "./projectRoot.js";
import type {Roles} from "./startRoles.js";

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
  if (gateway) await writeEnvFile(envFileOf(demo, "gateway"), gateway.env);
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
    "For StakeWise's operator:",
    indented([`RELAYER_ENDPOINT=${url}`]),
    `From v4 on it needs the validators manager's key. For a gateway of yours that has it: ${envFileOf(demo, "gateway")}`,
  ].join("\n\n");
}

function aboutSidecars(demo: Demo, url: string | undefined): string {
  const yours = theirs(demo);
  if (yours.length === 0) return "The demo runs all sidecars. Leave some to yourself with --sidecars N.";
  const commands = yours.map(({name}) => dvtWith(envFileOf(demo, name), "sidecar"));
  const onBus = `These sidecars are yours. On the bus, each in a shell of its own:\n\n${indented(commands)}`;
  if (url === undefined) return onBus;
  const blocks = demo.clusters
    .filter(({shareIndexes, ours}) => ours.length < shareIndexes.length)
    .map(({shareIndexes, ours, sidecarsEnv}) => {
      const nodes = sidecarsEnv(shareIndexes.filter((it) => !ours.includes(it)));
      return indented(toEnvLines({RELAYER_ENDPOINT: url, NETWORK: demo.network.name, ...nodes}));
    });
  return `${onBus}\n\nOr over HTTP, StakeWise's sidecar, one process for all of a cluster, with these settings:\n\n${blocks.join("\n\n")}`;
}

function aboutOperator(demo: Demo): string {
  const [first] = demo.validators;
  const next = (first?.validatorIndex ?? 0) + demo.validators.length;
  const request = `operator request --deposit-data ${quoted(demo.depositData)} --start-index ${next}`;
  return `To ask for exits on the bus, at other indexes, with --deposits where a StakeWise sidecar from v2 on signs:\n\n${indented([dvtWith(envFileOf(demo, "operator"), request)])}`;
}

const dvtWith = (envFile: string, command: string): string =>
  `(set -a; . ${quoted(envFile)}; npm run -s --prefix ${quoted(projectRoot)} dvt -- ${command})`;
