import {setTimeout as delay} from "node:timers/promises";
import type {Logger} from "./logger.js";

/**
 * Runs the task repeatedly, first after `periodMs`, then `periodMs` after each run ends. A failed run is logged, and the next one
 * comes as usual. stop() waits for the current run.
 */
export function every(
  periodMs: number,
  name: string,
  task: (signal: AbortSignal) => Promise<void>,
  logger: Logger,
): {stop(): Promise<void>} {
  const controller = new AbortController();
  const {signal} = controller;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await delay(periodMs, undefined, {signal}).catch(() => {});
      if (signal.aborted) return;
      try {
        await task(signal);
      } catch (error) {
        logger.warn({task: name, error: (error as Error).message}, "task failed, will run again");
      }
    }
  };
  const running = loop();
  return {
    async stop() {
      controller.abort();
      await running;
    },
  };
}
