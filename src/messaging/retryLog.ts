import {createWaits} from "../runtime/createWaits.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage, type Outage} from "../runtime/outage.js";

/** The log of messages, or entries of them, that wait to be tried again: for each code when that begins, goes on, and is over. */
export type RetryLog = {
  /** The entry that `about` describes failed, and will be retried. `about` parses the message: it is called only for what is logged. */
  waits(entry: string, code: string, error: string, about: () => object): void;
  /** The entry waits no more. */
  settled(entry: string): void;
  stop(): void;
};

const words = {
  begins: "message will be retried",
  goesOn: "messages are still retried",
  ends: "no message waits for this any more",
};
const checkEveryMs = 10_000;

/** During an outage many messages wait, so each code has an outage of its own. Messages may also end elsewhere, or expire. */
export function createRetryLog(logger: Logger, stream: string, now: () => number = () => performance.now()): RetryLog {
  const waits = createWaits(now);
  const outages = new Map<string, Outage>();
  let timer: NodeJS.Timeout | undefined;

  const endOutages = (): void => {
    if (outages.size === 0) return;
    const waiting = new Set(waits.list().map(({code}) => code));
    for (const [code, outage] of outages) {
      if (waiting.has(code)) continue;
      outage.served();
      outages.delete(code);
    }
    if (outages.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const outageOf = (code: string): Outage => {
    const outage = outages.get(code) ?? createOutage({...words, fields: {stream, code}}, logger, now);
    outages.set(code, outage);
    timer ??= setInterval(endOutages, checkEveryMs).unref();
    return outage;
  };
  return {
    waits(entry, code, error, about) {
      waits.waiting(entry, code);
      outageOf(code).failed(error, about);
      if (logger.isLevelEnabled("debug")) logger.debug({...about(), code, error}, "message will be retried");
    },
    settled(entry) {
      if (outages.size === 0) return;
      waits.settled(entry);
      endOutages();
    },
    stop: () => clearInterval(timer),
  };
}
