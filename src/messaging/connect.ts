import type {JetStreamClient, NatsConnection} from "nats";
import {DvtError} from "../errors.js";
import type {Participants} from "../participants/participants.js";
import type {Logger} from "../runtime/logger.js";
import {participantApiPrefix} from "./accounts.js";
import {dialAs, usualReloadMs} from "./dialAs.js";
import type {Identity} from "./identity.js";
import {parseNatsServers} from "./natsServers.js";
import {createPublishers, type Publishers} from "./publishers.js";
import {isSafeServerVersion, safeServerVersions} from "./serverVersion.js";
import {createStoring, type Storing} from "./storing.js";
import {type ServiceReports, watchConnection} from "./watchConnection.js";

/** A connection to NATS as one participant. */
export type Bus = ServiceReports & {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly identity: Identity;
  /** The participants that messages are verified by now. */
  participants(): Participants;
  /** Consumers that are pulled from on this connection and that do not answer now. */
  readonly silentConsumers: Set<string>;
  readonly storing: Storing;
  /** The public nkeys that may publish on a subject. */
  readonly publishers: Publishers;
  /** Replaces the participants: from now on only their messages are accepted. */
  trust(participants: Participants): void;
  /** Sends what is buffered, then closes. Call it when all handlers have finished: an ackAck in flight would reject. */
  close(): Promise<void>;
};

/** The servers to connect to, and as whom. */
export type ConnectOptions = {
  url: string;
  identity: Identity;
  participants: Participants;
  /** Path of the certificate authority that signed the server's certificate; optional if the system trusts it. */
  caFile?: string | undefined;
  /** For trying out, on a server without our accounts: messages are signed, but every participant can read and delete all of them. */
  sharedAccount?: boolean;
  /** How long a connected server may fail to serve before the connection moves to another. */
  patienceMs?: number;
  /** How long a rejected login is tried again; 0: whoever asks tries again. */
  reloadMs?: number;
  logger: Logger;
};

/**
 * Connects to a server of NATS_URL, never to others that these advertise, and reconnects forever once connected. BUS_UNAVAILABLE
 * if none answers or accepts the login; NATS_VERSION_UNSAFE if the server is of a version that loses data; CONFIG_INVALID;
 * LOGIN_NONCE_INVALID.
 */
export async function connectBus({
  url,
  identity,
  participants,
  caFile,
  sharedAccount = false,
  patienceMs = 10_000,
  reloadMs = usualReloadMs,
  logger,
}: ConnectOptions): Promise<Bus> {
  const {participant} = identity;
  const servers = parseNatsServers(url, {hasAuthority: caFile !== undefined});
  const {addresses, unencryptedHosts} = servers;
  const {connection, loginError} = await dialAs(identity, servers, caFile, {
    reloadMs,
    maxReconnectAttempts: -1,
    // While the server reloads its accounts, it rejects the login for a moment.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 250,
    pingInterval: 10_000,
    // A stack trace for each request would cost as much as the request.
    noAsyncTraces: true,
  });
  const version = connection.info?.version ?? "unknown";
  if (!isSafeServerVersion(version)) {
    await connection.close();
    throw new DvtError(
      "NATS_VERSION_UNSAFE",
      `connect to NATS: the server is version ${version}, which can lose data; use ${safeServerVersions}`,
    );
  }
  if (unencryptedHosts.length > 0) {
    logger.warn(
      {hosts: unencryptedHosts},
      "NATS_URL has no tls://: the connection to these hosts is unencrypted, anybody in between can read and delay messages",
    );
  }
  const {served, failed} = watchConnection(connection, {servers: addresses.length, patienceMs, loginError, logger});
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
    silentConsumers: new Set(),
    storing: createStoring(),
    served,
    failed,
    close: () => (connection.isClosed() ? Promise.resolve() : connection.drain()),
  };
}
