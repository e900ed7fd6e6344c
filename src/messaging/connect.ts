import {connect, type JetStreamClient, type NatsConnection} from "nats";
import {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import {isSafeServerVersion, safeServerVersions} from "./serverVersion.js";

/** A connection to NATS in the name of one participant. */
export type Bus = {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  /** relayer, aggregator, sidecar-<cluster_id>-<share_index>, operator-<operator_id>, admin */
  readonly participant: string;
  /** Sends what is buffered, then closes. Handlers must have finished: an ackAck in flight would reject. */
  close(): Promise<void>;
};

/** BUS_UNAVAILABLE when nobody answers now; once connected it reconnects for ever. NATS_VERSION_UNSAFE when the server is one that loses data. */
export async function connectBus({url, participant, logger}: {url: string; participant: string; logger: Logger}): Promise<Bus> {
  const connection = await connect({
    servers: url.split(",").map((server) => server.trim()),
    name: participant,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    pingInterval: 10_000,
  }).catch((cause: Error) => {
    throw new DvtError("BUS_UNAVAILABLE", `connect to NATS at ${withoutSecrets(url)} (NATS_URL): ${cause.message}`, {cause});
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
  return {
    connection,
    js: connection.jetstream({timeout: 5000}),
    participant,
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
