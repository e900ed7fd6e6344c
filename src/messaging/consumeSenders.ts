import pMap from "p-map";
import {DvtError} from "../errors.js";
import type {Participants} from "../participants/participants.js";
import {every} from "../runtime/every.js";
import {createSlots} from "../runtime/slots.js";
import type {Bus} from "./connect.js";
import {type ConsumeOptions, consume} from "./consume.js";

type SendersOptions = Omit<ConsumeOptions, "durable" | "slots"> & {
  /** The durable consumer of each sender among the participants. */
  durablesOf: (participants: Participants) => readonly string[];
  /** How many handlers may run at once for one sender. */
  concurrency: number;
  /** How many may run at once for all senders together, which take turns. */
  concurrencyOfAll: number;
};

const updateEveryMs = 1000;
const openedAtOnce = 32;

/**
 * Consumes each sender's queue by itself, so that no sender delays another; follows participants.json. Warns of a queue that does
 * not exist yet, and tries it again; STREAMS_MISSING if none exists although there are senders.
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
        logger.warn({stream, durable, code: error.code}, "this sender has no consumer yet: run `dvt streams apply`");
      }
      missing.add(durable);
    }
  };
  const update = async (): Promise<void> => {
    const durables = durablesOf(bus.participants());
    const removed = [...queues].filter(([durable]) => !durables.includes(durable));
    for (const [durable, queue] of removed) {
      queues.delete(durable);
      await queue.stop();
    }
    const added = durables.filter((durable) => !queues.has(durable));
    await pMap(added, open, {concurrency: openedAtOnce});
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all([...queues.values()].map((queue) => queue.stop()));
  };

  try {
    await update();
    if (queues.size === 0 && missing.size > 0) {
      throw new DvtError("STREAMS_MISSING", `consume ${stream}: no sender has a consumer; run \`dvt streams apply\``);
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  const updating = every(updateEveryMs, `follow the senders of ${stream}`, update, logger);
  return {
    async stop() {
      await updating.stop();
      await stopAll();
    },
  };
}
