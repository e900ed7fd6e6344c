import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {createThrottledLog} from "../../../src/runtime/throttledLog.js";
import {aLogger} from "../../support/logger.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("logs once a second the exits of each batch", () => {
  const {logger, logged} = aLogger();
  const log = createThrottledLog<{batch: string; exit: string}>(logger, "results received");
  for (const exit of ["exit 1", "exit 2", "exit 3"]) log.add({batch: exit === "exit 2" ? "b" : "a", exit});
  expect(logged).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(logged).toMatchObject([
    {msg: "results received", batch: "a", exits: ["exit 1", "exit 3"]},
    {msg: "results received", batch: "b", exits: ["exit 2"]},
  ]);
});

it("starts again after that, and logs nothing if there is nothing", () => {
  const {logger, logged} = aLogger();
  const log = createThrottledLog(logger, "results received");
  log.add({exit: "exit 1"});
  vi.advanceTimersByTime(1000);
  vi.advanceTimersByTime(60_000);
  log.add({exit: "exit 2"});
  vi.advanceTimersByTime(999);
  log.add({exit: "exit 3"});
  vi.advanceTimersByTime(1);
  expect(logged).toMatchObject([{exits: ["exit 1"]}, {exits: ["exit 2", "exit 3"]}]);
});

it("logs the rest at the end, and not again after its second", () => {
  const {logger, logged} = aLogger();
  const log = createThrottledLog(logger, "results received");
  log.stop();
  expect(logged).toEqual([]);
  log.add({exit: "exit 1"});
  log.stop();
  expect(logged).toMatchObject([{exits: ["exit 1"]}]);
  vi.advanceTimersByTime(60_000);
  expect(logged).toHaveLength(1);
});
