import {setTimeout as delay} from "node:timers/promises";
import type {Logger} from "./logger.js";
import {createOutage} from "./outage.js";

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
  const words = {begins: "task failed, will run again", goesOn: "task still fails", ends: "task succeeds again"};
  const outage = createOutage({...words, fields: {task: name}}, logger);
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await delay(periodMs, undefined, {signal}).catch(() => {});
      if (signal.aborted) return;
      try {
        await task(signal);
        outage.served();
      } catch (error) {
        outage.failed((error as Error).message);
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
