import type {Logger} from "./logger.js";

/** Logs what goes on: once when it begins, then at most once a minute, and once when it is over. */
export type Outage = {
  /** Reports a failure; `about` adds fields to a line, and is called only for one. */
  failed(error: string | undefined, about?: () => object): void;
  /** Reports a success; logs nothing unless there was a failure. */
  served(): void;
};

/** The messages of an outage, and the fields that all of them have. */
export type OutageWords = {
  readonly begins: string;
  readonly goesOn: string;
  readonly ends: string;
  readonly fields?: object;
};

const againAfterMs = 60_000;

/** Watches something for outages; `what` is the messages, or begins them: "beacon node example.org", "mongodb". */
export function createOutage(what: string | OutageWords, logger: Logger, now: () => number = () => performance.now()): Outage {
  const {begins, goesOn, ends, fields} = typeof what === "string" ? unavailable(what) : what;
  let outage: {since: number; loggedAt: number; failures: number} | undefined;
  return {
    failed(error, about) {
      const at = now();
      if (outage === undefined) {
        outage = {since: at, loggedAt: at, failures: 1};
        logger.warn({...fields, ...about?.(), error}, begins);
        return;
      }
      outage.failures++;
      if (at - outage.loggedAt < againAfterMs) return;
      outage.loggedAt = at;
      const {failures, since} = outage;
      logger.warn({...fields, ...about?.(), error, failures, for_s: secondsSince(since, at)}, goesOn);
    },
    served() {
      if (outage === undefined) return;
      const {since, failures} = outage;
      outage = undefined;
      logger.info({...fields, failures, for_s: secondsSince(since, now())}, ends);
    },
  };
}

const unavailable = (what: string): OutageWords => ({
  begins: `${what} is unavailable`,
  goesOn: `${what} is still unavailable`,
  ends: `${what} is available again`,
});

const secondsSince = (since: number, at: number): number => Math.round((at - since) / 1000);
