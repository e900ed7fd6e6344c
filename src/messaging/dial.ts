import {checkServerIdentity, type PeerCertificate} from "node:tls";
import {type ConnectionOptions, connect, type NatsConnection, type TlsOptions} from "nats";
import {DvtError} from "../errors.js";
import type {NatsServers} from "./natsServers.js";

/** Connects to one of these servers, and never to others. BUS_UNAVAILABLE if none answers or accepts the login. */
export async function dial(
  {addresses, hosts, tls}: NatsServers,
  caFile: string | undefined,
  options: ConnectionOptions,
): Promise<NatsConnection> {
  // Without the tls option the client would continue unencrypted if a server offers no TLS.
  const allOptions = {...options, ignoreClusterUpdates: true, ...(tls && {tls: tlsOf(hosts, caFile)})};
  return connectToAny(addresses, allOptions).catch((cause: Error & {code?: string}) => {
    const problem = cause.code === noTls ? "the server has no TLS, which NATS_URL or NATS_CA_FILE requires" : cause.message;
    throw new DvtError(
      "BUS_UNAVAILABLE",
      `connect to NATS at ${addresses.join(", ")} (NATS_URL) as ${options.name}: ${problem}`,
      {
        cause,
      },
    );
  });
}

/** The client's message for this is the code itself. */
const noTls = "SERVER_OPT_NA";

/** nats 2.29.3 drops the servers that failed before its first connection; a second connection, begun with the one that answered, keeps all. */
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
 * Expects a certificate for one of the hosts of NATS_URL; nats 2.29.3 expects "localhost" if a host is an IP address. The client passes
 * options that its types lack on to node:tls.
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
