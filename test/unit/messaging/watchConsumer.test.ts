import {afterEach, beforeEach, expect, it, onTestFinished, vi} from "vitest";
import {watchConsumer} from "../../../src/messaging/watchConsumer.js";
import {aLogger} from "../../support/logger.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function aWatch() {
  const {logger, logged} = aLogger();
  const counts = {served: 0, failed: 0, begun: 0};
  let isAwaited = true;
  const bus = {served: () => void counts.served++, failed: () => void counts.failed++};
  const watch = watchConsumer(
    bus,
    {stream: "EXIT_SHARES", durable: "aggregator-hoodi", logger},
    {awaits: () => isAwaited, begin: () => void counts.begun++},
  );
  onTestFinished(watch.stop);
  return {
    ...watch,
    logged,
    counts,
    await: (now: boolean): void => {
      isAwaited = now;
    },
  };
}
const pass = (seconds: number): void => void vi.advanceTimersByTime(seconds * 1000);

it("says within 10 seconds that a consumer is gone, begins it again and again, and says that it is back", () => {
  const {heard, logged, counts} = aWatch();
  heard();
  pass(10);
  expect(logged).toMatchObject([{level: 40, msg: "consumer aggregator-hoodi of EXIT_SHARES is gone"}]);
  pass(20);
  expect(counts).toEqual({served: 1, failed: 4, begun: 4});
  heard();
  expect(logged).toMatchObject([{}, {level: 30, msg: "consumer aggregator-hoodi of EXIT_SHARES is back", failures: 4}]);
});

it("is content with a consumer that says every few seconds that there is nothing", () => {
  const {heard, logged, counts} = aWatch();
  for (let times = 0; times < 20; times++, pass(4)) heard();
  expect(logged).toEqual([]);
  expect(counts).toEqual({served: 20, failed: 0, begun: 0});
});

it("waits for nothing while as much is worked on as may be", () => {
  const {await: wait, logged} = aWatch();
  wait(false);
  pass(600);
  wait(true);
  pass(5);
  expect(logged).toEqual([]);
});

it("says nothing more once it is stopped", () => {
  const {stop, logged} = aWatch();
  stop();
  pass(600);
  expect(logged).toEqual([]);
});
