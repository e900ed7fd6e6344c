import {DvtError} from "../errors.js";
import {isLoopback} from "../runtime/isLoopback.js";

/** What NATS_URL says. */
export type NatsServers = {
  readonly hosts: readonly string[];
  /** host:port of each, as the client names them. */
  readonly addresses: readonly string[];
  /** Whether to speak TLS with all of them, or not at all. */
  readonly tls: boolean;
  /** Hosts that what is said to can be read on the way to, for it leaves this machine without TLS. */
  readonly readable: readonly string[];
};

/** tls:// asks for TLS, and so does a certificate authority. CONFIG_INVALID, without the URL: it may have a password. */
export function parseNatsServers(text: string, {hasAuthority}: {hasAuthority: boolean}): NatsServers {
  const servers = text.split(",").map((part, position) => parseServer(part.trim(), position + 1));
  const schemes = new Set(servers.map(({scheme}) => scheme));
  if (schemes.size > 1)
    throw invalid("some servers have tls:// and some have not: they are servers of one cluster, give all the same");
  const tls = hasAuthority || schemes.has("tls");
  return {
    hosts: [...new Set(servers.map(({host}) => host))],
    addresses: [...new Set(servers.map(({address}) => address))],
    tls,
    readable: tls ? [] : servers.flatMap(({host}) => (isLoopback(host) ? [] : [host])),
  };
}

const defaultPort = 4222;

function parseServer(text: string, position: number): {scheme: "nats" | "tls"; host: string; address: string} {
  const [, scheme = "nats", rest = ""] = /^(?:([a-z]+):\/\/)?(.*)$/i.exec(text) ?? [];
  const url = URL.canParse(`nats://${rest}`) ? new URL(`nats://${rest}`) : undefined;
  const kind = scheme.toLowerCase();
  if (!url?.hostname || url.search || url.hash || !/^\/?$/.test(url.pathname) || (kind !== "nats" && kind !== "tls")) {
    throw invalid(`number ${position} is not tls://host:port or nats://host:port`);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return {scheme: kind, host, address: `${url.hostname}:${url.port || defaultPort}`};
}

const invalid = (problem: string): DvtError => new DvtError("CONFIG_INVALID", `read NATS_URL: ${problem}`);
