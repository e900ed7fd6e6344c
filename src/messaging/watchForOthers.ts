import {DvtError, expected} from "../errors.js";
import {every} from "../runtime/every.js";
import type {Bus} from "./connect.js";
import {readConsumer} from "./consumer.js";
import type {ExclusiveConsumer} from "./waitUntilAlone.js";

type WatchOptions = ExclusiveConsumer & {
  /** Called once, if another process pulls too. */
  readonly onLost: (error: DvtError) => void;
  readonly pollEveryMs?: number;
};

/** One process alone may have two pulls pending, but for 5 s at most. */
const pollsToBeSure = 3;

/**
 * Checks every few seconds whether another process pulls from the consumer too: one that started at the same moment, or one that
 * took over while this process was disconnected. Detects it once nothing is delivered for a while, and passes TAKEN_OVER to `onLost`.
 */
export function watchForOthers(bus: Bus, options: WatchOptions): {stop(): Promise<void>} {
  const {stream, durable, who, logger, onLost, pollEveryMs = 5000} = options;
  let delivered = -1;
  let others = 0;
  const check = async (): Promise<void> => {
    // The connection reports that the bus is unavailable.
    const info = await readConsumer(bus, stream, durable).catch((error) => void expected(error));
    others = info && info.num_waiting > 1 && info.delivered.consumer_seq === delivered ? others + 1 : 0;
    delivered = info?.delivered.consumer_seq ?? -1;
    if (others === pollsToBeSure) {
      onLost(
        new DvtError("TAKEN_OVER", `run as ${who}: another process does too; stop one of them, on whichever machine it runs`),
      );
    }
  };
  return every(pollEveryMs, `check whether another process runs as ${who}`, check, logger);
}
