import pMap from "p-map";
import {DvtError} from "../errors.js";
import type {Participants} from "../participants/participants.js";
import {every} from "../runtime/every.js";
import {createSlots} from "../runtime/slots.js";
import type {Bus} from "./connect.js";
import {type ConsumeOptions, consume} from "./consume.js";

type SendersOptions = Omit<ConsumeOptions, "durable" | "slots"> & {
  /** The queue of each sender, of those who take part now. */
  durablesOf: (participants: Participants) => readonly string[];
  /** Handlers at work at once, of one sender. */
  concurrency: number;
  /** The same of all together; where they are more, senders take turns. */
  concurrencyOfAll: number;
};

const lookEveryMs = 1000;
const openedAtOnce = 32;

/**
 * Consumes the queue of each sender by itself: what one says, and how much, keeps nobody else waiting. Senders come and go
 * with participants.json. A queue that nobody has made yet is said, and looked for again; STREAMS_MISSING when there is none at all.
 */
export async function consumeSenders(
  bus: Bus,
  {durablesOf, concurrencyOfAll, ...options}: SendersOptions,
): Promise<{stop(): Promise<void>}> {
  const {stream, logger} = options;
  const slots = createSlots(concurrencyOfAll);
  const queues = new Map<string, {stop(): Promise<void>}>();
  const missing = new Set<string>();

  const open = async (durable: string): Promise<void> => {
    try {
      queues.set(durable, await consume(bus, {...options, durable, slots}));
      missing.delete(durable);
    } catch (error) {
      if (!(error instanceof DvtError && error.code === "STREAMS_MISSING")) throw error;
      if (!missing.has(durable)) {
        logger.warn({stream, durable, code: error.code}, "no queue for this sender yet: run `dvt streams apply`");
      }
      missing.add(durable);
    }
  };
  const update = async (): Promise<void> => {
    const wanted = durablesOf(bus.participants());
    const gone = [...queues].filter(([durable]) => !wanted.includes(durable));
    for (const [durable, queue] of gone) {
      queues.delete(durable);
      await queue.stop();
    }
    const added = wanted.filter((durable) => !queues.has(durable));
    await pMap(added, open, {concurrency: openedAtOnce});
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all([...queues.values()].map((queue) => queue.stop()));
  };

  try {
    await update();
    if (queues.size === 0) {
      throw new DvtError("STREAMS_MISSING", `consume ${stream}: there is no consumer of ours; run \`dvt streams apply\``);
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  const looking = every(lookEveryMs, `follow the senders of ${stream}`, update, logger);
  return {
    async stop() {
      await looking.stop();
      await stopAll();
    },
  };
}
