import type {Logger} from "./logger.js";

/** One line for what happens often: how many within a second, and the first of them. */
export type ThrottledLog = {
  add(exit: string): void;
  /** Says what it has not said yet. */
  stop(): void;
};

const periodMs = 1000;
const named = 10;

export function createThrottledLog(logger: Logger, message: string): ThrottledLog {
  let exits: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const say = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (exits.length === 0) return;
    logger.info({count: exits.length, exits: exits.slice(0, named)}, message);
    exits = [];
  };
  return {
    add(exit) {
      exits.push(exit);
      timer ??= setTimeout(say, periodMs).unref();
    },
    stop: say,
  };
}
