import {type NetworkName, networkNames, patterns} from "../../../../schemas/fields.js";
import {type NatsAddress, routePortOf} from "../../../centre/centre.js";
import {DvtError} from "../../../errors.js";
import {ssvClusterSizes} from "../../../participants/participants.js";

/** As the command line has them. */
export type InitOptions = {
  folder: string;
  network?: string;
  natsUrl?: string;
  clusterLock?: string[];
  ssvKeyshares?: string[];
  ssvOperators?: string[];
  operator?: string;
  oracles?: string;
  executionEndpoint?: string;
  consensusEndpoint?: string;
  gateway?: boolean;
  mongodb?: string;
  verify: boolean;
};

const usage = (problem: string): DvtError => new DvtError("USAGE", `init: ${problem}`);

export function parseNetwork(text: string): NetworkName {
  const network = networkNames.find((name) => name === text);
  if (network === undefined) throw usage(`--network ${text}: expected one of ${networkNames.join(", ")}`);
  return network;
}

/** The servers of --nats-url: one, or three of a cluster, separated by commas; this machine's is the first. */
export function parseNatsUrl(text: string): [NatsAddress, ...NatsAddress[]] {
  const [first, ...others] = text.split(",").map((it) => parseServer(it.trim()));
  const servers: [NatsAddress, ...NatsAddress[]] = [first as NatsAddress, ...others];
  const isTwice = new Set(servers.map(({host, port}) => `${host} ${port}`)).size < servers.length;
  if (isTwice || ![1, 3].includes(servers.length))
    throw usage("--nats-url: expected one server, or three different ones of a cluster, separated by commas");
  const fits = servers.every((it) => servers.length === 1 || routePortOf(it) <= 65535);
  if (!fits)
    throw usage("--nats-url: servers of a cluster reach each other at the port 2000 above, which has to be at most 65535");
  return servers;
}

/** The host, without brackets, and the port of tls://host:port. The port is optional. */
function parseServer(text: string): NatsAddress {
  const [, name, address, port = "4222"] =
    /^tls:\/\/(?:([A-Za-z0-9._-]+)|\[([0-9a-fA-F:.]+)\])(?::([0-9]{1,5}))?\/?$/.exec(text) ?? [];
  const host = name ?? address;
  if (host === undefined || Number(port) < 1 || Number(port) > 65535) {
    throw usage("--nats-url: expected tls://host:port, with the name or address that everybody reaches NATS under");
  }
  return {host, port: Number(port)};
}

/** The id of a cluster, and what comes after the first =. */
export function parseCluster(option: string, text: string): {id: string; value: string} {
  const [, id = "", value = ""] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  if (!new RegExp(patterns.id).test(id) || value === "")
    throw usage(`${option} ${text}: expected the cluster's id, =, and its value; an id is 1 to 32 of a-z, 0-9, _ and -`);
  return {id, value};
}

/** The ids of an SSV cluster's operators. */
export function parseOperatorIds(text: string): number[] {
  const ids = text.split(",").map((part) => (/^[1-9][0-9]{0,8}$/.test(part.trim()) ? Number(part) : Number.NaN));
  if (ids.includes(Number.NaN) || new Set(ids).size !== ids.length || !ssvClusterSizes.includes(ids.length))
    throw usage(`--ssv-operators ${text}: expected 4, 7, 10 or 13 ids of operators, separated by commas`);
  return ids;
}

/** Checks the options that are texts of their own, and combinations. USAGE if they make no sense. */
export function checkOptions({operator, mongodb, gateway}: InitOptions, known: {operatorId: string | undefined}): void {
  if (operator !== undefined && !new RegExp(patterns.id).test(operator))
    throw usage(`--operator ${operator}: an id is 1 to 32 of a-z, 0-9, _ and -`);
  if (mongodb !== undefined && !/^[A-Za-z0-9.[\]:_-]+(,[A-Za-z0-9.[\]:_-]+)*$/.test(mongodb))
    throw usage("--mongodb: expected host:port, or several separated by commas, without a login and a path");
  if (gateway && operator === undefined && known.operatorId === undefined)
    throw usage("--gateway speaks for an operator: give --operator too");
}

/** Paths that mean the same to a shell, to systemd and to compose. */
export function checkFolder(folder: string): string {
  if (!/^\/[A-Za-z0-9._/-]+$/.test(folder))
    throw usage(
      `--folder ${folder}: use a path of letters, digits, ., _ and - alone; systemd, compose and shells read others differently`,
    );
  return folder.replace(/\/+$/, "");
}
