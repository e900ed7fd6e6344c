import {availableParallelism} from "node:os";
import {Tinypool} from "tinypool";

/** Runs one function on threads beside the event loop. */
export type Threads<Task, Result> = {
  readonly count: number;
  /** Transfers the buffers: they are empty here afterwards. */
  run(task: Task, transfer?: readonly ArrayBuffer[]): Promise<Result>;
  stop(): Promise<void>;
};

const mostThreads = 4;

/**
 * Runs the named export of a compiled module on one thread for each core beside the event loop's, up to 4; undefined with only
 * one core.
 */
export function createThreads<Task, Result>(module: URL, name: string): Threads<Task, Result> | undefined {
  const count = Math.min(mostThreads, availableParallelism() - 1);
  if (count < 1) return undefined;
  const resourceLimits = {maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64};
  // With atomics, a thread sleeps between tasks without running its event loop, and never frees what native modules allocated.
  const options = {minThreads: count, maxThreads: count, resourceLimits, useAtomics: false};
  const pool = new Tinypool({filename: module.href, name, ...options});
  return {
    count,
    run: (task, transfer = []) => pool.run(task, {transferList: [...transfer]}),
    stop: () => pool.destroy(),
  };
}
