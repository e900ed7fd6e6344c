import type {NatsConnection} from "nats";
import type {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import {createPatience} from "./patience.js";

/** Takes whether JetStream served a request: if a connected server keeps failing, the connection moves to another of NATS_URL. */
export type ServiceReports = {
  served(): void;
  failed(): void;
};

type WatchOptions = {
  /** How many servers NATS_URL names. */
  servers: number;
  patienceMs: number;
  /** Why the last login was not signed, if so. */
  loginError: () => DvtError | undefined;
  logger: Logger;
};

/** Logs when the connection is lost and restored, and changes servers if one does not serve. */
export function watchConnection(
  connection: NatsConnection,
  {servers, patienceMs, loginError, logger}: WatchOptions,
): ServiceReports {
  const outage = createOutage("nats", logger);
  const patience = createPatience(servers, patienceMs);
  let isConnected = true;
  let leaving: {server: string; again: boolean} | undefined;
  let attempts = 0;

  const onConnected = (server: string): void => {
    const error = loginError();
    if (error) {
      outage.failed(error.message);
      void connection.reconnect();
      return;
    }
    outage.served();
    // nats 2.29.3 begins its first round of reconnecting with the server that it was connected to.
    if (leaving?.server === server && !leaving.again) {
      leaving = {server, again: true};
      void connection.reconnect();
      return;
    }
    if (leaving !== undefined) logger.info({server}, "nats connected to this server instead");
    leaving = undefined;
  };
  const watch = async (): Promise<void> => {
    for await (const {type, data} of connection.status()) {
      if (type === "disconnect") {
        isConnected = false;
        attempts = 0;
        if (leaving === undefined) outage.failed("the connection is lost");
      }
      if (type === "reconnecting" && (leaving === undefined || ++attempts > servers))
        outage.failed("no server accepts the connection");
      if (type === "reconnect") {
        isConnected = true;
        onConnected(String(data));
      }
    }
  };
  void watch();

  return {
    served: patience.served,
    failed() {
      if (!isConnected || !patience.failed()) return;
      const server = connection.getServer();
      leaving = {server, again: false};
      logger.warn({server}, "jetstream does not answer on this nats server, connecting to another of NATS_URL");
      void connection.reconnect();
    },
  };
}
