import type {StreamName} from "../../schemas/defineMessage.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import type {Bus} from "./connect.js";

/** Detects whether a consumer is available. */
export type ConsumerWatch = {
  /** The consumer delivered a message, or a status that there is none. */
  received(): void;
  interrupted(error: string): void;
  stop(): void;
};

const periodMs = 1000;
/** After so many silent periods the consumer counts as unavailable. The client pulls every 4 s, and each pull is answered. */
const silentPeriods = 7;

/**
 * Logs when the consumer becomes unavailable and available again, and restarts its pull after too long a silence. Counts only while
 * a pull is pending, and counts periods instead of time, so that a process that was suspended detects nothing false.
 */
export function watchConsumer(
  bus: Pick<Bus, "served" | "failed" | "silentConsumers">,
  {stream, durable, logger}: {stream: StreamName; durable: string; logger: Logger},
  {isPulling, restart}: {isPulling: () => boolean; restart: () => void},
): ConsumerWatch {
  const outage = createOutage(`consumer ${durable} of ${stream}`, logger);
  let silent = 0;
  const interrupted = (error: string): void => {
    outage.failed(error);
    bus.silentConsumers.add(durable);
    bus.failed();
  };
  const timer = setInterval(() => {
    silent = isPulling() ? silent + 1 : 0;
    if (silent < silentPeriods) return;
    silent = 0;
    interrupted("it does not answer");
    restart();
  }, periodMs);
  return {
    received() {
      silent = 0;
      outage.served();
      bus.silentConsumers.delete(durable);
      bus.served();
    },
    interrupted,
    stop() {
      clearInterval(timer);
      bus.silentConsumers.delete(durable);
    },
  };
}
