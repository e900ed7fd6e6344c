import type {Logger} from "./logger.js";

/** Logs an outage: once when it begins, then at most once a minute, and once when it ends. */
export type Outage = {
  /** Reports a failure. */
  failed(error: string): void;
  /** Reports a success; logs nothing unless there was a failure. */
  served(): void;
};

const againAfterMs = 60_000;

/** Watches something for outages; `what` begins the log messages: "beacon node example.org", "mongodb". */
export function createOutage(what: string, logger: Logger, now: () => number = () => performance.now()): Outage {
  let outage: {since: number; loggedAt: number; failures: number} | undefined;
  return {
    failed(error) {
      const at = now();
      if (outage === undefined) {
        outage = {since: at, loggedAt: at, failures: 1};
        logger.warn({error}, `${what} is unavailable`);
        return;
      }
      outage.failures++;
      if (at - outage.loggedAt < againAfterMs) return;
      outage.loggedAt = at;
      logger.warn(
        {error, failures: outage.failures, unavailable_for_s: secondsSince(outage.since, at)},
        `${what} is still unavailable`,
      );
    },
    served() {
      if (outage === undefined) return;
      const {since, failures} = outage;
      outage = undefined;
      logger.info({failures, unavailable_for_s: secondsSince(since, now())}, `${what} is available again`);
    },
  };
}

const secondsSince = (since: number, at: number): number => Math.round((at - since) / 1000);
