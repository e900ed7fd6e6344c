import type {JetStreamClient, NatsConnection} from "nats";
import {DvtError} from "../errors.js";
import type {Participants} from "../participants/participants.js";
import type {Logger} from "../runtime/logger.js";
import {inboxPrefixOf, participantApiPrefix} from "./accounts.js";
import {dial} from "./dial.js";
import type {Identity} from "./identity.js";
import {createLogin} from "./login.js";
import {parseNatsServers} from "./natsServers.js";
import {createPublishers, type Publishers} from "./publishers.js";
import {isSafeServerVersion, safeServerVersions} from "./serverVersion.js";
import {type Service, watchConnection} from "./watchConnection.js";

/** A connection to NATS in the name of one participant. */
export type Bus = Service & {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly identity: Identity;
  /** Who takes part, as far as is known now. */
  participants(): Participants;
  /** Who may speak on which subject. */
  readonly publishers: Publishers;
  /** From now on these take part, and nobody else is trusted. */
  trust(participants: Participants): void;
  /** Sends what is buffered, then closes. Handlers must have finished: an ackAck in flight would reject. */
  close(): Promise<void>;
};

export type ConnectOptions = {
  url: string;
  identity: Identity;
  participants: Participants;
  /** The certificate authority of the server, where it speaks TLS with a certificate that the system does not know. */
  caFile?: string | undefined;
  /** Everybody is in one account of a server without ours, for trying out: messages are signed, but anybody may read and remove any. */
  sharedAccount?: boolean;
  /** So long a server that takes connections may fail to serve before it is left for another one. */
  patienceMs?: number;
  logger: Logger;
};

/**
 * Connects to one of the servers of NATS_URL, and to no other that one of them names: what they say of themselves is not trusted.
 * BUS_UNAVAILABLE when none answers or lets us in; once connected it reconnects for ever. NATS_VERSION_UNSAFE: one that loses data.
 * CONFIG_INVALID, LOGIN_NONCE_INVALID.
 */
export async function connectBus({
  url,
  identity,
  participants,
  caFile,
  sharedAccount = false,
  patienceMs = 10_000,
  logger,
}: ConnectOptions): Promise<Bus> {
  const {participant} = identity;
  const servers = parseNatsServers(url, {hasAuthority: caFile !== undefined});
  const {addresses, readable} = servers;
  const {authenticator, refusal} = createLogin(identity);
  const connection = await dial(servers, caFile, {
    name: participant,
    authenticator,
    inboxPrefix: inboxPrefixOf(participant),
    maxReconnectAttempts: -1,
    // An account that is changed refuses for the moment of the reload.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 250,
    pingInterval: 10_000,
    // A stack trace for each request costs as much as the request.
    noAsyncTraces: true,
  }).catch((error: unknown) => {
    throw refusal() ?? error;
  });
  const refused = refusal();
  if (refused) {
    await connection.close();
    throw refused;
  }
  const version = connection.info?.version ?? "unknown";
  if (!isSafeServerVersion(version)) {
    await connection.close();
    throw new DvtError(
      "NATS_VERSION_UNSAFE",
      `connect to NATS: the server is version ${version}; safe are ${safeServerVersions}`,
    );
  }
  if (readable.length > 0) {
    logger.warn(
      {hosts: readable},
      "NATS_URL has no tls://: whoever is on the way to these hosts reads and delays what goes there",
    );
  }
  const {served, failed} = watchConnection(connection, {servers: addresses.length, patienceMs, refusal, logger});
  let trusted = participants;
  let publishers = createPublishers(participants);
  return {
    connection,
    js: connection.jetstream({
      timeout: 5000,
      ...(participant !== "admin" && !sharedAccount && {apiPrefix: participantApiPrefix}),
    }),
    identity,
    participants: () => trusted,
    publishers: (subject) => publishers(subject),
    trust: (now) => {
      trusted = now;
      publishers = createPublishers(now);
    },
    served,
    failed,
    close: () => (connection.isClosed() ? Promise.resolve() : connection.drain()),
  };
}
