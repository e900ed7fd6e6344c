import type {Logger} from "../runtime/logger.js";

/** The log of messages that will be retried. */
export type RetryLog = {
  /** The message that `about` describes failed, and will be retried. It is called only for what is logged: it parses the message. */
  add(code: string, error: string, about: () => object): void;
};

const againAfterMs = 60_000;

/** During an outage many messages wait: each code is logged once when it begins, then once a minute with the count of others. */
export function createRetryLog(logger: Logger, now: () => number = () => performance.now()): RetryLog {
  const byCode = new Map<string, {loggedAt: number; unlogged: number}>();
  return {
    add(code, error, about) {
      const at = now();
      const known = byCode.get(code);
      if (known && at - known.loggedAt < againAfterMs) {
        known.unlogged++;
        if (logger.isLevelEnabled("debug")) logger.debug({...about(), code, error}, "message will be retried");
        return;
      }
      byCode.set(code, {loggedAt: at, unlogged: 0});
      const others = known && known.unlogged > 0 ? {others: known.unlogged} : {};
      logger.warn({...about(), code, error, ...others}, "message will be retried");
    },
  };
}
