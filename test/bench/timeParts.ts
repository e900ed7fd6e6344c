import {Bench} from "tinybench";
import type {Part} from "./parts.js";

export type ReadyPart = {name: string; operations: number; run: () => unknown};

export const makeReady = ({name, operations = 1, prepare}: Part): ReadyPart => ({name, operations, run: prepare()});

/** One round: every part once, for about so long. The median microseconds of one operation, part by part. */
export async function timeParts(parts: readonly ReadyPart[], milliseconds: number): Promise<number[]> {
  const bench = new Bench({time: milliseconds, iterations: 3, warmupTime: milliseconds / 5, warmupIterations: 2});
  for (const {name, run} of parts) bench.add(name, run);
  await bench.run();
  return bench.tasks.map((task, position) => {
    const {result} = task;
    if (result.state === "errored") throw result.error;
    if (result.state !== "completed") throw new Error(`bench: ${task.name} was not timed: ${result.state}`);
    return (result.latency.p50 * 1000) / (parts[position] as ReadyPart).operations;
  });
}
