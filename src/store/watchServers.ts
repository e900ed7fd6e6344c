import type {MongoClient} from "mongodb";
import {isLoopback} from "../runtime/isLoopback.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";

/**
 * Says in the log when no server takes writes any more, and when one does again; and of each server, also one that another one
 * names, that what goes there can be read on the way, where it can.
 */
export function watchServers(client: MongoClient, logger: Logger): void {
  const outage = createOutage("mongodb", logger);
  let serves: boolean | undefined;
  client.on("topologyDescriptionChanged", ({newDescription}) => {
    const servers = [...newDescription.servers.values()];
    if (servers.some(({isWritable}) => isWritable)) {
      serves = true;
      outage.served();
    } else if (serves !== undefined) {
      serves = false;
      outage.failed(servers.find(({error}) => error)?.error?.message ?? "no server takes writes");
    }
  });
  client.on("serverHeartbeatFailed", ({failure}) => {
    if (serves === false) outage.failed(failure.message);
  });
  const warning = warningOf(client.options);
  client.on("serverOpening", ({address}) => {
    if (warning !== undefined && !isLoopback(hostOf(address))) logger.warn({host: hostOf(address)}, warning);
  });
}

type TlsOptions = Pick<MongoClient["options"], "tls" | "rejectUnauthorized" | "checkServerIdentity">;

function warningOf({tls, rejectUnauthorized, checkServerIdentity}: TlsOptions): string | undefined {
  if (tls !== true) return "MONGODB_URL has no tls=true: whoever is on the way to this server reads and alters what it is told";
  if (rejectUnauthorized !== false && checkServerIdentity === undefined) return undefined;
  return "MONGODB_URL has the certificate of this server taken unchecked: whoever is on the way to it reads and alters what it is told";
}

/** Of host:port, or of a socket of this machine. */
const hostOf = (address: string): string =>
  address.endsWith(".sock") ? "localhost" : address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
