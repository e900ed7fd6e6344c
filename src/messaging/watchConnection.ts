import type {NatsConnection} from "nats";
import type {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import {createPatience} from "./patience.js";

/** What became of what JetStream was asked: a server that is connected and does not serve is left for another one of NATS_URL. */
export type Service = {
  served(): void;
  failed(): void;
};

type Watching = {
  /** How many NATS_URL names. */
  servers: number;
  patienceMs: number;
  /** Why the last login was refused on our side, if it was. */
  refusal: () => DvtError | undefined;
  logger: Logger;
};

/** Says in the log when the connection is lost and when it is back, and changes servers where it must. */
export function watchConnection(connection: NatsConnection, {servers, patienceMs, refusal, logger}: Watching): Service {
  const outage = createOutage("nats", logger);
  const patience = createPatience(servers, patienceMs);
  let isConnected = true;
  let leaving: {server: string; again: boolean} | undefined;
  let dialled = 0;

  const onConnected = (server: string): void => {
    const refused = refusal();
    if (refused) {
      outage.failed(refused.message);
      void connection.reconnect();
      return;
    }
    outage.served();
    // nats 2.29.3 begins its first round with the server that it was at.
    if (leaving?.server === server && !leaving.again) {
      leaving = {server, again: true};
      void connection.reconnect();
      return;
    }
    if (leaving !== undefined) logger.info({server}, "nats goes on at this server");
    leaving = undefined;
  };
  const watch = async (): Promise<void> => {
    for await (const {type, data} of connection.status()) {
      if (type === "disconnect") {
        isConnected = false;
        dialled = 0;
        if (leaving === undefined) outage.failed("the connection is lost");
      }
      if (type === "reconnecting" && (leaving === undefined || ++dialled > servers))
        outage.failed("no server takes the connection");
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
      logger.warn({server}, "jetstream does not answer at this nats server: going on at another one of NATS_URL");
      void connection.reconnect();
    },
  };
}
