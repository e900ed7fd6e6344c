import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {createThrottledLog} from "../../../src/runtime/throttledLog.js";
import {aLogger} from "../../support/logger.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const exits = (count: number): string[] => Array.from({length: count}, (_, position) => `exit ${position}`);

it("logs once a second how many there were, and the first ten", () => {
  const {logger, logged} = aLogger();
  const log = createThrottledLog(logger, "exits completed");
  for (const exit of exits(12)) log.add(exit);
  expect(logged).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(logged).toMatchObject([{msg: "exits completed", count: 12, exits: exits(10)}]);
});

it("starts again after that, and logs nothing if there is nothing", () => {
  const {logger, logged} = aLogger();
  const log = createThrottledLog(logger, "exits completed");
  log.add("exit 1");
  vi.advanceTimersByTime(1000);
  vi.advanceTimersByTime(60_000);
  log.add("exit 2");
  vi.advanceTimersByTime(999);
  log.add("exit 3");
  vi.advanceTimersByTime(1);
  expect(logged).toMatchObject([
    {count: 1, exits: ["exit 1"]},
    {count: 2, exits: ["exit 2", "exit 3"]},
  ]);
});

it("logs the rest at the end, and not again after its second", () => {
  const {logger, logged} = aLogger();
  const log = createThrottledLog(logger, "exits completed");
  log.stop();
  expect(logged).toEqual([]);
  log.add("exit 1");
  log.stop();
  expect(logged).toMatchObject([{count: 1, exits: ["exit 1"]}]);
  vi.advanceTimersByTime(60_000);
  expect(logged).toHaveLength(1);
});
