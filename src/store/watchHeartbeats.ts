import {setTimeout as delay} from "node:timers/promises";
import type {MongoClient} from "mongodb";
import type {Logger} from "../runtime/logger.js";

/** Longer than the driver takes to connect or waits for the answer to a heartbeat, `connectTimeoutMS`. */
const longestMs = 7000;
/** A heartbeat of a replica set is answered when something changes, or after this time. */
const awaitedMs = 10_000;
const betweenChecksMs = 1000;
const betweenAttemptsMs = 500;

/**
 * Reconnects the client when a heartbeat neither succeeds nor fails. mongodb 7.9.0 waits forever if it writes to a socket that
 * closes at that moment: it never asks the server again, and finds none until the process restarts.
 */
export function watchHeartbeats(client: MongoClient, logger: Logger, limitMs = longestMs): {stop(): void} {
  const dueAt = new Map<string, number>();
  let isStopped = false;
  let isReconnecting = false;
  client.on("serverHeartbeatStarted", ({connectionId, awaited}) => {
    dueAt.set(connectionId, performance.now() + limitMs + (awaited ? awaitedMs : 0));
  });
  client.on("serverHeartbeatSucceeded", ({connectionId}) => void dueAt.delete(connectionId));
  client.on("serverHeartbeatFailed", ({connectionId}) => void dueAt.delete(connectionId));
  client.on("serverClosed", ({address}) => void dueAt.delete(address));

  const reconnect = async (): Promise<void> => {
    for (;;) {
      dueAt.clear();
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
    const hanging = [...dueAt].find(([, at]) => performance.now() > at);
    if (!hanging || isReconnecting) return;
    logger.warn({server: hanging[0]}, "a heartbeat to mongodb hangs, reconnecting");
    isReconnecting = true;
    await reconnect();
    isReconnecting = false;
    if (isStopped) await client.close().catch(() => {});
  }, betweenChecksMs).unref();
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}
