import type {Logger} from "./logger.js";

/** Says in the log that something is away: once when it goes, then at most once a minute, and once when it is back. */
export type Outage = {
  /** It failed once more. */
  failed(error: string): void;
  /** It serves. Says nothing unless it had failed. */
  served(): void;
};

const againAfterMs = 60_000;

/** `what` begins the sentence: "beacon node example.org", "mongodb". */
export function createOutage(what: string, logger: Logger, now: () => number = () => performance.now()): Outage {
  let outage: {since: number; saidAt: number; failures: number} | undefined;
  return {
    failed(error) {
      const at = now();
      if (outage === undefined) {
        outage = {since: at, saidAt: at, failures: 1};
        logger.warn({error}, `${what} is gone`);
        return;
      }
      outage.failures++;
      if (at - outage.saidAt < againAfterMs) return;
      outage.saidAt = at;
      logger.warn({error, failures: outage.failures, gone_for_s: secondsSince(outage.since, at)}, `${what} is still gone`);
    },
    served() {
      if (outage === undefined) return;
      const {since, failures} = outage;
      outage = undefined;
      logger.info({failures, gone_for_s: secondsSince(since, now())}, `${what} is back`);
    },
  };
}

const secondsSince = (since: number, at: number): number => Math.round((at - since) / 1000);
