import {checkServerIdentity, type PeerCertificate} from "node:tls";
import {type ConnectionOptions, connect, type NatsConnection, type TlsOptions} from "nats";
import {DvtError} from "../errors.js";
import type {NatsServers} from "./natsServers.js";

/** A connection to one of these servers, and to no other later on. BUS_UNAVAILABLE when none answers or lets us in. */
export async function dial(
  {addresses, hosts, tls}: NatsServers,
  caFile: string | undefined,
  options: ConnectionOptions,
): Promise<NatsConnection> {
  // Without TLS among its options the client goes on in plain where a server offers none.
  const all = {...options, ignoreClusterUpdates: true, ...(tls && {tls: tlsOf(hosts, caFile)})};
  return connectToAny(addresses, all).catch((cause: Error & {code?: string}) => {
    const why = cause.code === noTls ? "it speaks no TLS, which NATS_URL or NATS_CA_FILE asks for" : cause.message;
    throw new DvtError("BUS_UNAVAILABLE", `connect to NATS at ${addresses.join(", ")} (NATS_URL) as ${options.name}: ${why}`, {
      cause,
    });
  });
}

/** The client's own words for it are a code. */
const noTls = "SERVER_OPT_NA";

/** nats 2.29.3 forgets for good those that it tries before it gets its first connection; of ours none is forgotten. */
async function connectToAny(addresses: readonly string[], options: ConnectionOptions): Promise<NatsConnection> {
  const shuffled = addresses.toSorted(() => Math.random() - 0.5);
  const connectInOrder = (inOrder: string[]) => connect({...options, servers: inOrder, noRandomize: true});
  const connection = await connectInOrder(shuffled);
  const position = shuffled.indexOf(connection.getServer());
  if (position <= 0) return connection;
  await connection.close();
  return connectInOrder([...shuffled.slice(position), ...shuffled.slice(0, position)]);
}

/**
 * The certificate is of one of the hosts of NATS_URL. nats 2.29.3 would have it be of "localhost" where a host is an address; what it
 * has no type for it hands on to node:tls.
 */
function tlsOf(hosts: readonly string[], caFile: string | undefined): TlsOptions {
  const check = {
    checkServerIdentity(_: string, certificate: PeerCertificate): Error | undefined {
      const problems = hosts.map((host) => checkServerIdentity(host, certificate));
      return problems.includes(undefined) ? undefined : problems[0];
    },
  };
  return {...check, ...(caFile !== undefined && {caFile})};
}
