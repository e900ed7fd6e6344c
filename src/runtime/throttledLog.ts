import type {Logger} from "./logger.js";
import {type ExitEvent, logTogether} from "./logTogether.js";

/** Logs events that come one by one together, once a second. */
export type ThrottledLog<E extends ExitEvent> = {
  add(event: E): void;
  /** Logs what is still pending. */
  stop(): void;
};

const periodMs = 1000;

/** Creates a log of events; `message` describes the event. */
export function createThrottledLog<E extends ExitEvent>(logger: Logger, message: string): ThrottledLog<E> {
  let events: E[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    logTogether(events, (fields) => logger.info<object>(fields, message));
    events = [];
  };
  return {
    add(event) {
      events.push(event);
      timer ??= setTimeout(flush, periodMs).unref();
    },
    stop: flush,
  };
}
