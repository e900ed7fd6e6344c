import {setTimeout as delay} from "node:timers/promises";
import {type DvtError, isWorthWaiting} from "../errors.js";
import type {Logger} from "./logger.js";
import {createOutage} from "./outage.js";

/** Takes a step of a start, again and again while it fails in a way that may heal; `what` names in the log what it needs. */
export type WaitFor = <T>(what: string, step: () => Promise<T>) => Promise<T>;

type Waiting = {readonly patienceMs: number; readonly signal: AbortSignal; readonly logger: Logger};

const firstPauseMs = 250;
const longestPauseMs = 5000;

/** A step that never succeeds ends with its own error: at once where a person has to change something, else after the patience. */
export const createWaitFor =
  ({patienceMs, signal, logger}: Waiting): WaitFor =>
  async (what, step) => {
    const outage = createOutage(what, logger);
    const until = performance.now() + patienceMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      signal.throwIfAborted();
      try {
        const result = await step();
        outage.served();
        return result;
      } catch (error) {
        signal.throwIfAborted();
        const leftMs = until - performance.now();
        if (!isWorthWaiting(error) || leftMs <= 0) throw error;
        const {message, code} = error as DvtError;
        outage.failed(`${message} [${code}]`);
        await delay(Math.min(pauseMs, leftMs), undefined, {signal});
      }
    }
  };

/** For a command that does its work once: whoever gave it hears at once what is away. */
export const withoutWaiting: WaitFor = (_, step) => step();
