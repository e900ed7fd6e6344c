import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {createTally} from "../../../src/runtime/tally.js";
import {aLogger} from "../../support/logger.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const exits = (count: number): string[] => Array.from({length: count}, (_, position) => `exit ${position}`);

it("says once a second how many there were, and which the first ten are", () => {
  const {logger, logged} = aLogger();
  const tally = createTally(logger, "exits completed");
  for (const exit of exits(12)) tally.add(exit);
  expect(logged).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(logged).toMatchObject([{msg: "exits completed", count: 12, exits: exits(10)}]);
});

it("begins anew after that, and says nothing where there is nothing to say", () => {
  const {logger, logged} = aLogger();
  const tally = createTally(logger, "exits completed");
  tally.add("exit 1");
  vi.advanceTimersByTime(1000);
  vi.advanceTimersByTime(60_000);
  tally.add("exit 2");
  vi.advanceTimersByTime(999);
  tally.add("exit 3");
  vi.advanceTimersByTime(1);
  expect(logged).toMatchObject([
    {count: 1, exits: ["exit 1"]},
    {count: 2, exits: ["exit 2", "exit 3"]},
  ]);
});

it("says at the end what it has not said, and not again after its second", () => {
  const {logger, logged} = aLogger();
  const tally = createTally(logger, "exits completed");
  tally.stop();
  expect(logged).toEqual([]);
  tally.add("exit 1");
  tally.stop();
  expect(logged).toMatchObject([{count: 1, exits: ["exit 1"]}]);
  vi.advanceTimersByTime(60_000);
  expect(logged).toHaveLength(1);
});
