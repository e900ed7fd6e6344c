import type {ParticipantsFile} from "../../../../schemas/participants.js";
import {type Centre, files, owners} from "../../../centre/centre.js";
import {rolesOf} from "../../../centre/makeStart.js";
import {isLoopback} from "../../../runtime/isLoopback.js";
import {projectRoot} from "../../../runtime/projectRoot.js";
import type {KnownCentre} from "./knownCentre.js";

type Made = {
  readonly folder: string;
  readonly centre: Centre;
  readonly known: KnownCentre;
  readonly participants: ParticipantsFile;
  readonly isChanged: boolean;
  /** Paths below the folder. */
  readonly made: readonly string[];
  readonly isRoot: boolean;
};

/** What `dvt init` made, what is missing, how to start it, and what comes next. */
export const initText = (made: Made): string =>
  [whatIsThere(made), ...notesOn(made), howToStart(made), whatIsNext(made)].map((part) => `${part}\n`).join("\n");

/** More files than these are counted. */
const mostListed = 8;

function whatIsThere({folder, made, participants, isChanged}: Made): string {
  const {operators, clusters, version} = participants;
  const who = [...operators.map(({id}) => `operator ${id}`), ...clusters.map(({id}) => `cluster ${id}`)].join(", ");
  return `${whatWasMade(folder, made)}\nparticipants.json ${isChanged ? "now has" : "has"} version ${version}: ${who}`;
}

function whatWasMade(folder: string, made: readonly string[]): string {
  if (made.length === 0) return `${folder}: everything is there, and nothing was changed`;
  if (made.length > mostListed) return `made ${made.length} files in ${folder}`;
  return `made in ${folder}: ${made.join(", ")}`;
}

function notesOn({folder, centre, known, participants, isChanged, made}: Made): string[] {
  const has = (path: string): boolean => made.includes(path);
  const without = centre.oracles === undefined && !known.hasOracles;
  const notes = [
    without &&
      centre.executionEndpoint === undefined &&
      has("relayer/relayer.env") &&
      `There is no oracle set yet: relayer and aggregator wait for ${folder}/${files.oracles}, for START_PATIENCE after each start. Run ` +
        `\`dvt oracles save ${folder}/${files.oracles}\` with NETWORK and EXECUTION_ENDPOINT, or \`dvt init --oracles FILE\` with ` +
        "StakeWise's protocol config. Or have the roles follow the chain: EXECUTION_ENDPOINT in their settings, without ORACLES_CONFIG_FILE.",
    centre.executionEndpoint !== undefined &&
      !has("relayer/relayer.env") &&
      `The settings are as they were: if they shall use these execution nodes, set EXECUTION_ENDPOINT_FILE in them, and remove ORACLES_CONFIG_FILE to follow the chain.`,
    centre.mongodb === undefined &&
      [centre.executionEndpoint, centre.consensusEndpoint].some((urls) => urls !== undefined && isOnLoopback(urls)) &&
      "Inside compose's containers, 127.0.0.1 is the container itself: name the nodes by another address of this machine.",
    has("gateway/gateway.env") && !has(files.composeEnv) && `For compose, add gateway to COMPOSE_PROFILES in ${folder}/.env.`,
    isChanged &&
      participants.version !== 1 &&
      "The roles read the new participants.json by themselves. `dvt invite --all` also tells the servers.",
    has("nats-2/nats.conf") &&
      `Copy ${folder}/nats-2 and ${folder}/nats-3 to the machines of the other NATS servers, as ${folder}/nats there, and start all three ` +
        "before anything else. docs/clusters.md says how the accounts reach them later.",
    has(files.authorityKey) &&
      `Keep a copy of ${folder}/admin elsewhere: whoever has it decides who takes part. The certificates last ten years.`,
  ];
  return notes.filter((it) => it !== false);
}

const isOnLoopback = (urls: string): boolean =>
  urls.split(",").some((url) => URL.canParse(url.trim()) && isLoopback(new URL(url.trim()).hostname.replace(/^\[(.*)\]$/, "$1")));

function howToStart(made: Made): string {
  const {folder, centre, isRoot} = made;
  const give = isRoot ? [] : ["Each role owns its files. As root:", ...ownersLines(made), ""];
  const compose = ["Start it with compose:", `  cd ${folder} && docker compose up -d`];
  if (centre.mongodb === undefined) return [...give, ...compose].join("\n");
  const units = rolesOf(centre).map((role) => `dvt-${role}`);
  return [
    ...give,
    "Make MongoDB's users, and start it with systemd, which needs nats-server on the PATH. As root:",
    `  ${["relayer", "aggregator", "gateway"].map((role) => `${role.toUpperCase()}_URL_FILE=${folder}/${role}/mongodb.url`).join(" ")} \\`,
    `    mongosh --file ${projectRoot}/docker/mongo/users.js "mongodb://admin@${centre.mongodb}/admin"`,
    `  systemd-sysusers ${folder}/${files.sysusers}`,
    `  cp -r ${folder}/systemd/. /etc/systemd/system/ && systemctl daemon-reload`,
    `  systemctl enable --now dvt-nats dvt-streams ${units.join(" ")}`,
  ].join("\n");
}

function ownersLines({folder}: Made): string[] {
  const roles = ["relayer", "aggregator", "gateway", "console"] as const;
  const lines = roles.map((role) => `  chown -R ${owners[role].user}:${owners[role].group} ${folder}/${role}`);
  const {user, group} = owners.nats;
  const own = `  chown -R ${user}:${group} ${folder}/nats && chmod -R g+rX ${folder}/nats`;
  return [...lines, own];
}

const whatIsNext = ({folder}: Made): string =>
  [
    `Then invite the nodes: dvt invite --all${folder === "/etc/dvt" ? "" : ` --folder ${folder}`}`,
    `Look at it: http://127.0.0.1:8010, with the user console and the password in ${folder}/${files.consoleToken}`,
  ].join("\n");
