import {describe, expect, it} from "vitest";
import {every} from "../../../src/runtime/every.js";
import {aLogger} from "../../support/logger.js";

const never = 600_000;

type Deferred<T> = {promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void};

function defer<T>(): Deferred<T> {
  const deferred: Partial<Deferred<T>> = {};
  deferred.promise = new Promise<T>((resolve, reject) => Object.assign(deferred, {resolve, reject}));
  return deferred as Deferred<T>;
}

/** A task that says when it starts, and ends when it is told to. */
const aTask = () => {
  const started = Array.from({length: 4}, () => defer<AbortSignal>());
  const ending = Array.from({length: 4}, () => defer<void>());
  let runs = 0;
  const task = async (signal: AbortSignal): Promise<void> => {
    const run = runs++;
    started[run]?.resolve(signal);
    await ending[run]?.promise;
  };
  return {task, runs: () => runs, started: (run: number) => started[run]?.promise, end: (run: number) => ending[run]};
};

describe("every", () => {
  it("runs again and again", async () => {
    const {task, started, end, runs} = aTask();
    const {stop} = every(1, "a task", task, aLogger().logger);
    for (const run of [0, 1, 2]) {
      await started(run);
      end(run)?.resolve();
    }
    end(3)?.resolve();
    await stop();
    expect(runs()).toBeGreaterThanOrEqual(3);
  });

  it("logs a run that fails, and runs again", async () => {
    const {logger, logged} = aLogger();
    const {task, started, end} = aTask();
    const {stop} = every(1, "a task", task, logger);
    await started(0);
    end(0)?.reject(new Error("no database"));
    await started(1);
    end(1)?.resolve();
    end(2)?.resolve();
    end(3)?.resolve();
    await stop();
    expect(logged).toMatchObject([
      {task: "a task", error: "no database", msg: "task failed, will run again"},
      {task: "a task", failures: 1, msg: "task succeeds again"},
    ]);
  });

  it("waits for the run at hand when it is stopped, aborts its signal, and does not run again", async () => {
    const {task, started, end, runs} = aTask();
    const {stop} = every(1, "a task", task, aLogger().logger);
    const signal = await started(0);
    let stopped = false;
    const stopping = stop().then(() => {
      stopped = true;
    });
    await new Promise(setImmediate);
    expect({stopped, aborted: signal?.aborted}).toEqual({stopped: false, aborted: true});
    end(0)?.resolve();
    await stopping;
    expect(runs()).toBe(1);
  });

  it("stops at once between runs, and does not run at its start", async () => {
    const {task, runs} = aTask();
    const {stop} = every(never, "a task", task, aLogger().logger);
    await stop();
    await stop();
    expect(runs()).toBe(0);
  });
});
