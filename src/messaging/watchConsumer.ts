import type {StreamName} from "../../schemas/defineMessage.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import type {Bus} from "./connect.js";

/** Knows whether a consumer is there. */
export type ConsumerWatch = {
  /** A message came of it, or word that there is none. */
  heard(): void;
  interrupted(error: string): void;
  stop(): void;
};

const periodMs = 1000;
/** So many periods in silence, and it is gone. The client asks again every 4 s, and is answered then at the latest. */
const silentPeriods = 7;

/**
 * Says in the log when the consumer is gone and when it is back, and has it begun again when nothing was heard of it. Counted is
 * only while `awaits` says that something is asked of it. Periods are counted, not time: while this process is held up, nothing is missed.
 */
export function watchConsumer(
  bus: Pick<Bus, "served" | "failed">,
  {stream, durable, logger}: {stream: StreamName; durable: string; logger: Logger},
  {awaits, begin}: {awaits: () => boolean; begin: () => void},
): ConsumerWatch {
  const outage = createOutage(`consumer ${durable} of ${stream}`, logger);
  let silent = 0;
  const interrupted = (error: string): void => {
    outage.failed(error);
    bus.failed();
  };
  const timer = setInterval(() => {
    silent = awaits() ? silent + 1 : 0;
    if (silent < silentPeriods) return;
    silent = 0;
    interrupted("nothing is heard of it");
    begin();
  }, periodMs);
  return {
    heard() {
      silent = 0;
      outage.served();
      bus.served();
    },
    interrupted,
    stop: () => clearInterval(timer),
  };
}
