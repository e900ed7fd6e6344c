import {once} from "node:events";
import {expect, it} from "vitest";
import {untilStopped} from "../../../src/runtime/untilStopped.js";

const never = new Promise<string>(() => {});

it("gives what the work gives, and throws what it throws", async () => {
  const {signal} = new AbortController();
  expect(await untilStopped(signal, Promise.resolve("done"))).toBe("done");
  await expect(untilStopped(signal, Promise.reject(new Error("no")))).rejects.toThrow("no");
});

it("gives nothing as soon as it is to stop, whatever becomes of the work", async () => {
  const controller = new AbortController();
  const failing = once(controller.signal, "abort").then(() => Promise.reject(new Error("aborted")));
  const stopped = [untilStopped(controller.signal, never), untilStopped(controller.signal, failing)];
  controller.abort();
  expect(await Promise.all(stopped)).toEqual([undefined, undefined]);
  expect(await untilStopped(controller.signal, never)).toBeUndefined();
});
