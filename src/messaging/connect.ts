import {connect, type JetStreamClient, type NatsConnection, nkeyAuthenticator} from "nats";
import {DvtError} from "../errors.js";
import type {Participants} from "../participants/participants.js";
import type {Logger} from "../runtime/logger.js";
import {inboxPrefixOf, participantApiPrefix} from "./accounts.js";
import type {Identity} from "./identity.js";
import {isSafeServerVersion, safeServerVersions} from "./serverVersion.js";
import {createSpeakers, type Speakers} from "./speakers.js";

/** A connection to NATS in the name of one participant. */
export type Bus = {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly identity: Identity;
  /** Who may speak on which subject. */
  readonly speakers: Speakers;
  /** From now on these take part, and nobody else is believed. */
  believe(participants: Participants): void;
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
  logger: Logger;
};

/** BUS_UNAVAILABLE when nobody answers or lets us in; once connected it reconnects for ever. NATS_VERSION_UNSAFE: one that loses data. */
export async function connectBus({
  url,
  identity,
  participants,
  caFile,
  sharedAccount = false,
  logger,
}: ConnectOptions): Promise<Bus> {
  const {participant} = identity;
  const connection = await connect({
    servers: url.split(",").map((server) => server.trim()),
    name: participant,
    authenticator: nkeyAuthenticator(identity.seed),
    inboxPrefix: inboxPrefixOf(participant),
    maxReconnectAttempts: -1,
    // An account that is changed refuses for the moment of the reload.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 250,
    pingInterval: 10_000,
    // A stack trace for each request costs as much as the request.
    noAsyncTraces: true,
    ...(caFile !== undefined && {tls: {caFile}}),
  }).catch((cause: Error) => {
    throw new DvtError(
      "BUS_UNAVAILABLE",
      `connect to NATS at ${withoutSecrets(url)} (NATS_URL) as ${participant}: ${cause.message}`,
      {cause},
    );
  });
  const version = connection.info?.version ?? "unknown";
  if (!isSafeServerVersion(version)) {
    await connection.close();
    throw new DvtError(
      "NATS_VERSION_UNSAFE",
      `connect to NATS: the server is version ${version}; safe are ${safeServerVersions}`,
    );
  }
  void logStatus(connection, logger);
  let speakers = createSpeakers(participants);
  return {
    connection,
    js: connection.jetstream({
      timeout: 5000,
      ...(participant !== "admin" && !sharedAccount && {apiPrefix: participantApiPrefix}),
    }),
    identity,
    speakers: (subject) => speakers(subject),
    believe: (now) => {
      speakers = createSpeakers(now);
    },
    close: () => (connection.isClosed() ? Promise.resolve() : connection.drain()),
  };
}

async function logStatus(connection: NatsConnection, logger: Logger): Promise<void> {
  for await (const {type} of connection.status()) {
    if (type === "disconnect") logger.warn("nats connection lost, reconnecting");
    if (type === "reconnect") logger.info("nats connected again");
  }
}

const withoutSecrets = (url: string): string => url.replace(/[^/@,]*@/g, "");
