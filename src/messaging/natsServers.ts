import {DvtError} from "../errors.js";
import {isLoopback} from "../runtime/isLoopback.js";

/** The servers of NATS_URL. */
export type NatsServers = {
  readonly hosts: readonly string[];
  /** host:port of each, as the client names them. */
  readonly addresses: readonly string[];
  /** Whether to use TLS, with all of them. */
  readonly tls: boolean;
  /** Hosts on other machines to which the connection is unencrypted. */
  readonly unencryptedHosts: readonly string[];
};

/** Parses NATS_URL; tls:// or a certificate authority requires TLS. CONFIG_INVALID never quotes the URL, which may have a password. */
export function parseNatsServers(text: string, {hasAuthority}: {hasAuthority: boolean}): NatsServers {
  const servers = text.split(",").map((part, position) => parseServer(part.trim(), position + 1));
  const schemes = new Set(servers.map(({scheme}) => scheme));
  if (schemes.size > 1)
    throw invalid("some servers have tls:// and some do not; give all servers of the cluster the same scheme");
  const tls = hasAuthority || schemes.has("tls");
  return {
    hosts: [...new Set(servers.map(({host}) => host))],
    addresses: [...new Set(servers.map(({address}) => address))],
    tls,
    unencryptedHosts: tls ? [] : servers.flatMap(({host}) => (isLoopback(host) ? [] : [host])),
  };
}

const defaultPort = 4222;

function parseServer(text: string, position: number): {scheme: "nats" | "tls"; host: string; address: string} {
  const [, scheme = "nats", rest = ""] = /^(?:([a-z]+):\/\/)?(.*)$/i.exec(text) ?? [];
  const url = URL.canParse(`nats://${rest}`) ? new URL(`nats://${rest}`) : undefined;
  const kind = scheme.toLowerCase();
  if (!url?.hostname || url.search || url.hash || !/^\/?$/.test(url.pathname) || (kind !== "nats" && kind !== "tls")) {
    throw invalid(`server ${position} is not tls://host:port or nats://host:port`);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return {scheme: kind, host, address: `${url.hostname}:${url.port || defaultPort}`};
}

const invalid = (problem: string): DvtError => new DvtError("CONFIG_INVALID", `read NATS_URL: ${problem}`);
