import type {MongoClient} from "mongodb";
import type {Logger} from "../runtime/logger.js";

/** Longer than the driver waits for an answer to a heartbeat. */
const longestMs = 30_000;

/**
 * Closes the client's connections when a heartbeat neither succeeds nor fails; the next operation connects anew. mongodb 7.9.0 waits
 * for ever to write to a socket that closed in that moment, asks the server no more, and selects none until the process is restarted.
 */
export function watchHeartbeats(client: MongoClient, logger: Logger, limitMs = longestMs): {stop(): void} {
  const startedAt = new Map<string, number>();
  client.on("serverHeartbeatStarted", ({connectionId}) => void startedAt.set(connectionId, performance.now()));
  client.on("serverHeartbeatSucceeded", ({connectionId}) => void startedAt.delete(connectionId));
  client.on("serverHeartbeatFailed", ({connectionId}) => void startedAt.delete(connectionId));
  client.on("serverClosed", ({address}) => void startedAt.delete(address));
  const timer = setInterval(() => {
    const hanging = [...startedAt].find(([, at]) => performance.now() - at > limitMs);
    if (!hanging) return;
    startedAt.clear();
    logger.warn({server: hanging[0]}, "a heartbeat to mongodb hangs, connecting again");
    client.close().catch((error: Error) => logger.warn({error: error.message}, "mongodb connections not closed"));
  }, limitMs / 6).unref();
  return {stop: () => clearInterval(timer)};
}
