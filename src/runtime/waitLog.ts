import {createWaits} from "./createWaits.js";
import type {Logger} from "./logger.js";
import {createOutage, type Outage, type OutageWords} from "./outage.js";

/** What keeps an entry waiting: the fields that a line has of it, besides those of every line. */
type Why = {readonly code?: string} & Readonly<Record<string, unknown>>;

/** The log of what keeps exits, or anything else, waiting: for each reason when that begins, goes on, and is over. */
export type WaitLog = {
  /** The entry waits. `about` adds fields to a line, and is called only for one. */
  waits(entry: string, why: Why, error?: string, about?: () => object): void;
  /** The entry waits no more. */
  settled(entry: string): void;
  stop(): void;
};

/** `named`: the field in which each line names all entries that wait for its reason. */
type WaitWords = OutageWords & {readonly named?: "exits" | "deposits"};

const checkEveryMs = 10_000;

/** Many wait at once, so each reason has an outage of its own. What is not seen for a minute waits no more: it ended elsewhere, or expired. */
export function createWaitLog(
  logger: Logger,
  {named, fields, ...words}: WaitWords,
  now: () => number = () => performance.now(),
): WaitLog {
  const waits = createWaits(now);
  const outages = new Map<string, Outage>();
  let timer: NodeJS.Timeout | undefined;

  const endOutages = (): void => {
    if (outages.size === 0) return;
    const waiting = new Set(waits.list().map(({code}) => code));
    for (const [reason, outage] of outages) {
      if (waiting.has(reason)) continue;
      outage.served();
      outages.delete(reason);
    }
    if (outages.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const outageOf = (reason: string, why: Why): Outage => {
    const outage = outages.get(reason) ?? createOutage({...words, fields: {...fields, ...why}}, logger, now);
    outages.set(reason, outage);
    timer ??= setInterval(endOutages, checkEveryMs).unref();
    return outage;
  };
  return {
    waits(entry, why, error, about) {
      const reason = JSON.stringify(why);
      waits.waiting(entry, reason);
      outageOf(reason, why).failed(error, () => ({...about?.(), ...(named && {[named]: waits.entriesOf(reason)})}));
    },
    settled(entry) {
      if (outages.size === 0) return;
      waits.settled(entry);
      endOutages();
    },
    stop: () => clearInterval(timer),
  };
}
