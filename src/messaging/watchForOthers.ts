import {DvtError, expected} from "../errors.js";
import {every} from "../runtime/every.js";
import type {Bus} from "./connect.js";
import {readConsumer} from "./consumer.js";
import type {ExclusiveConsumer} from "./waitUntilAlone.js";

type Watching = ExclusiveConsumer & {
  /** Called once, where another process waits too. */
  readonly onLost: (error: DvtError) => void;
  readonly betweenLooksMs?: number;
};

/** While nothing is delivered, a process has more than one request pending for so many looks at the most: 5 s. */
const looksToBeSure = 3;

/**
 * Looks every few seconds whether another process waits on the durable too: two that started in the same moment, or one that was cut
 * off while another took its place. Needs a while in which nothing is delivered. TAKEN_OVER goes to `onLost`.
 */
export function watchForOthers(bus: Bus, watching: Watching): {stop(): Promise<void>} {
  const {stream, durable, who, logger, onLost, betweenLooksMs = 5000} = watching;
  let delivered = -1;
  let others = 0;
  const look = async (): Promise<void> => {
    // That the bus is away, the connection says.
    const seen = await readConsumer(bus, stream, durable).catch((error) => void expected(error));
    others = seen && seen.num_waiting > 1 && seen.delivered.consumer_seq === delivered ? others + 1 : 0;
    delivered = seen?.delivered.consumer_seq ?? -1;
    if (others === looksToBeSure) {
      onLost(new DvtError("TAKEN_OVER", `wait as ${who}: another process does too; stop one of them, wherever it runs`));
    }
  };
  return every(betweenLooksMs, `look whether another process waits as ${who}`, look, logger);
}
