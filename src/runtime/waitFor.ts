import {setTimeout as delay} from "node:timers/promises";
import {type DvtError, isWorthWaiting} from "../errors.js";
import type {Logger} from "./logger.js";
import {createOutage} from "./outage.js";

/** Runs a step of a start, again while it fails in a way that may heal; `what` names in the log what it needs. */
export type WaitFor = <T>(what: string, step: () => Promise<T>) => Promise<T>;

/** Is told of the steps of a start. */
export type StepWatch = {
  /** A step begins; the result is told how it goes. */
  began(what: string): {failed(code: string): void; ended(): void};
};

type Options = {
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly watch?: StepWatch;
};

const firstPauseMs = 250;
const longestPauseMs = 5000;

/**
 * Creates a WaitFor: a step that does not succeed throws its own error, at once if a person has to fix it, else after the
 * patience.
 */
export const createWaitFor =
  ({patienceMs, signal, logger, watch}: Options): WaitFor =>
  async (what, step) => {
    const outage = createOutage(what, logger);
    const watched = watch?.began(what);
    const until = performance.now() + patienceMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      signal.throwIfAborted();
      try {
        const result = await step();
        outage.served();
        watched?.ended();
        return result;
      } catch (error) {
        signal.throwIfAborted();
        const leftMs = until - performance.now();
        if (!isWorthWaiting(error) || leftMs <= 0) throw error;
        const {message, code} = error as DvtError;
        outage.failed(`${message} [${code}]`);
        watched?.failed(code);
        await delay(Math.min(pauseMs, leftMs), undefined, {signal});
      }
    }
  };

/** For a command that runs once: reports a failure at once. */
export const withoutWaiting: WaitFor = (_, step) => step();
