import {describe, expect, it} from "vitest";
import {oneAtATime} from "../../../src/runtime/oneAtATime.js";

/** A task whose every run ends when the test says so. */
function aTask() {
  const ends: {resolve(): void; reject(error: Error): void}[] = [];
  const task = (): Promise<void> => new Promise((resolve, reject) => ends.push({resolve, reject}));
  return {task, ends};
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
};

describe("oneAtATime", () => {
  it("gives whoever asks during a run the next one, and all of them the same", async () => {
    const {task, ends} = aTask();
    const run = oneAtATime(task);
    const first = run();
    await turns();
    const others = [run(), run()];
    await turns();
    expect(ends).toHaveLength(1);
    ends[0]?.resolve();
    await first;
    await turns();
    expect(ends).toHaveLength(2);
    ends[1]?.resolve();
    await Promise.all(others);
    await turns();
    expect(ends).toHaveLength(2);
  });

  it("runs again after a failed run, and rejects for its callers", async () => {
    const {task, ends} = aTask();
    const run = oneAtATime(task);
    const first = run();
    await turns();
    const second = run();
    ends[0]?.reject(new Error("failed"));
    await expect(first).rejects.toThrow("failed");
    await turns();
    ends[1]?.resolve();
    await expect(second).resolves.toBeUndefined();
  });

  it("leaves a gap between two runs, and none before the first", async () => {
    const starts: number[] = [];
    const run = oneAtATime(async () => void starts.push(performance.now()), 250);
    const asked = performance.now();
    await run();
    await run();
    expect((starts[0] as number) - asked).toBeLessThan(250);
    expect((starts[1] as number) - (starts[0] as number)).toBeGreaterThanOrEqual(248);
  });
});
