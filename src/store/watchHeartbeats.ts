import {setTimeout as delay} from "node:timers/promises";
import type {MongoClient} from "mongodb";
import type {Logger} from "../runtime/logger.js";

/** Longer than the driver waits for the answer to a heartbeat: between two of them, and then `connectTimeoutMS`. */
const longestMs = 25_000;
const betweenAttemptsMs = 500;

/**
 * Connects the client anew when a heartbeat neither succeeds nor fails. mongodb 7.9.0 waits forever where it writes to a socket
 * that closed in that moment: it never asks the server again, and finds none until the process is restarted.
 */
export function watchHeartbeats(client: MongoClient, logger: Logger, limitMs = longestMs): {stop(): void} {
  const startedAt = new Map<string, number>();
  let isStopped = false;
  let isReconnecting = false;
  client.on("serverHeartbeatStarted", ({connectionId}) => void startedAt.set(connectionId, performance.now()));
  client.on("serverHeartbeatSucceeded", ({connectionId}) => void startedAt.delete(connectionId));
  client.on("serverHeartbeatFailed", ({connectionId}) => void startedAt.delete(connectionId));

  const reconnect = async (): Promise<void> => {
    for (;;) {
      startedAt.clear();
      await client.close().catch(() => {});
      if (isStopped) return;
      const error = await client.connect().then(
        () => undefined,
        (cause: Error) => cause,
      );
      if (error === undefined) return;
      logger.debug({error: error.message}, "mongodb is not reachable yet");
      await delay(betweenAttemptsMs);
    }
  };
  const timer = setInterval(async () => {
    const hanging = [...startedAt].find(([, at]) => performance.now() - at > limitMs);
    if (!hanging || isReconnecting) return;
    logger.warn({server: hanging[0]}, "a heartbeat to mongodb hangs, connecting again");
    isReconnecting = true;
    await reconnect();
    isReconnecting = false;
    if (isStopped) await client.close().catch(() => {});
  }, limitMs / 6).unref();
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}
