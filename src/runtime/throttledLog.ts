import type {Logger} from "./logger.js";

/** Logs frequent events of exits as one line a second: their count, and the first exits. */
export type ThrottledLog = {
  add(exit: string): void;
  /** Logs what is still pending. */
  stop(): void;
};

const periodMs = 1000;
const mostNamed = 10;

/** Creates a log line for events of exits; `message` describes the event. */
export function createThrottledLog(logger: Logger, message: string): ThrottledLog {
  let exits: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (exits.length === 0) return;
    logger.info({count: exits.length, exits: exits.slice(0, mostNamed)}, message);
    exits = [];
  };
  return {
    add(exit) {
      exits.push(exit);
      timer ??= setTimeout(flush, periodMs).unref();
    },
    stop: flush,
  };
}
