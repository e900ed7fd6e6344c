import {afterEach, beforeEach, expect, it, onTestFinished, vi} from "vitest";
import {watchConsumer} from "../../../src/messaging/watchConsumer.js";
import {aLogger} from "../../support/logger.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function aWatch() {
  const {logger, logged} = aLogger();
  const counts = {served: 0, failed: 0, restarted: 0};
  let isPulling = true;
  const silentConsumers = new Set<string>();
  const bus = {silentConsumers, served: () => void counts.served++, failed: () => void counts.failed++};
  const watch = watchConsumer(
    bus,
    {stream: "EXIT_SHARES", durable: "aggregator-hoodi", logger},
    {isPulling: () => isPulling, restart: () => void counts.restarted++},
  );
  onTestFinished(watch.stop);
  return {
    ...watch,
    logged,
    counts,
    silentConsumers,
    setPulling: (now: boolean): void => {
      isPulling = now;
    },
  };
}
const pass = (seconds: number): void => void vi.advanceTimersByTime(seconds * 1000);

it("logs within 10 seconds that a consumer is unavailable, restarts it until it answers, and logs that it is available again", () => {
  const {received, logged, counts, silentConsumers} = aWatch();
  received();
  pass(10);
  expect([...silentConsumers]).toEqual(["aggregator-hoodi"]);
  expect(logged).toMatchObject([{level: 40, msg: "consumer aggregator-hoodi of EXIT_SHARES is unavailable"}]);
  pass(20);
  expect(counts).toEqual({served: 1, failed: 4, restarted: 4});
  received();
  expect([...silentConsumers]).toEqual([]);
  expect(logged).toMatchObject([
    {},
    {level: 30, msg: "consumer aggregator-hoodi of EXIT_SHARES is available again", failures: 4},
  ]);
});

it("accepts a consumer that reports every few seconds that it has no message", () => {
  const {received, logged, counts} = aWatch();
  for (let times = 0; times < 20; times++, pass(4)) received();
  expect(logged).toEqual([]);
  expect(counts).toEqual({served: 20, failed: 0, restarted: 0});
});

it("expects nothing while no pull is pending", () => {
  const {setPulling, logged} = aWatch();
  setPulling(false);
  pass(600);
  setPulling(true);
  pass(5);
  expect(logged).toEqual([]);
});

it("logs nothing once it is stopped", () => {
  const {stop, logged, silentConsumers} = aWatch();
  stop();
  pass(600);
  expect(logged).toEqual([]);
  expect([...silentConsumers]).toEqual([]);
});
