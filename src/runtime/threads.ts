import {availableParallelism} from "node:os";
import {Tinypool} from "tinypool";

/** One function, run on other threads than that of the event loop. */
export type Threads<Task, Result> = {
  /** The buffers are handed over: here they are empty from now on. */
  run(task: Task, handOver?: readonly ArrayBuffer[]): Promise<Result>;
  stop(): Promise<void>;
};

const mostThreads = 4;

/**
 * Loads the compiled module and runs what it exports under this name: on as many threads as there are cores beside the event
 * loop's, up to 4. Undefined where there is one core only.
 */
export function createThreads<Task, Result>(module: URL, name: string): Threads<Task, Result> | undefined {
  const count = Math.min(mostThreads, availableParallelism() - 1);
  if (count < 1) return undefined;
  const resourceLimits = {maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64};
  // A thread that slept between tasks instead of turning its loop would never free what native modules allocated.
  const options = {minThreads: count, maxThreads: count, resourceLimits, useAtomics: false};
  const pool = new Tinypool({filename: module.href, name, ...options});
  return {
    run: (task, handOver = []) => pool.run(task, {transferList: [...handOver]}),
    stop: () => pool.destroy(),
  };
}
