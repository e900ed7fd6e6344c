import type {Logger} from "../runtime/logger.js";

export type RetryLog = {
  /** A message of `about` was not handled: what it waits for may come back. */
  add(code: string, error: string, about: object): void;
};

const againAfterMs = 60_000;

/** While something is away, many messages wait for it: each code has a line when it begins, and one a minute that counts. */
export function createRetryLog(logger: Logger, now: () => number = () => performance.now()): RetryLog {
  const byCode = new Map<string, {loggedAt: number; unlogged: number}>();
  return {
    add(code, error, about) {
      const at = now();
      const known = byCode.get(code);
      if (known && at - known.loggedAt < againAfterMs) {
        known.unlogged++;
        logger.debug({...about, code, error}, "message will be tried again");
        return;
      }
      byCode.set(code, {loggedAt: at, unlogged: 0});
      const others = known && known.unlogged > 0 ? {others: known.unlogged} : {};
      logger.warn({...about, code, error, ...others}, "message will be tried again");
    },
  };
}
