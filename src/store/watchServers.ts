import type {MongoClient} from "mongodb";
import {isLoopback} from "../runtime/isLoopback.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";

/**
 * Logs when no server accepts writes, and when one does again. Warns about each server, including one that another server names,
 * whose connection can be read by others. The result says whether one accepts writes now.
 */
export function watchServers(client: MongoClient, logger: Logger): {isWritable(): boolean} {
  const outage = createOutage("mongodb", logger);
  let serves: boolean | undefined;
  client.on("topologyDescriptionChanged", ({newDescription}) => {
    const servers = [...newDescription.servers.values()];
    if (servers.some(({isWritable}) => isWritable)) {
      serves = true;
      outage.served();
    } else if (serves !== undefined) {
      serves = false;
      outage.failed(servers.find(({error}) => error)?.error?.message ?? "no server accepts writes");
    }
  });
  client.on("serverHeartbeatFailed", ({failure}) => {
    if (serves === false) outage.failed(failure.message);
  });
  const warned = new Set<string>();
  const warning = warningOf(client.options);
  client.on("serverOpening", ({address}) => {
    const host = hostOf(address);
    if (warning === undefined || warned.has(host) || isLoopback(host)) return;
    warned.add(host);
    logger.warn({host}, warning);
  });
  return {isWritable: () => serves === true};
}

type TlsOptions = Pick<MongoClient["options"], "tls" | "rejectUnauthorized" | "checkServerIdentity">;

function warningOf({tls, rejectUnauthorized, checkServerIdentity}: TlsOptions): string | undefined {
  if (tls !== true) return "MONGODB_URL has no tls=true: anyone on the network path to this server can read and alter the data";
  if (rejectUnauthorized !== false && checkServerIdentity === undefined) return undefined;
  return "MONGODB_URL turns off the check of this server's certificate: anyone on the network path to it can read and alter the data";
}

/** The host of host:port, or of a local socket. */
const hostOf = (address: string): string =>
  address.endsWith(".sock") ? "localhost" : address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
