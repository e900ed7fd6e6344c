import {expect, it, onTestFinished} from "vitest";
import {DvtError} from "../../../src/errors.js";
import {readInBackground} from "../../../src/registry/readInBackground.js";
import type {RegistryView} from "../../../src/registry/validatorRegistry.js";
import {aLogger} from "../../support/logger.js";

type Reading = {keys: readonly string[]; resolve: (view: RegistryView) => void; reject: (error: Error) => void};

/** A registry that answers when it is told to. */
function createStage(pollMs: number) {
  const readings: Reading[] = [];
  const {logger, logged} = aLogger();
  const slow = {
    read: (keys: readonly string[]) =>
      new Promise<RegistryView>((resolve, reject) => void readings.push({keys, resolve, reject})),
  };
  const registry = readInBackground(slow, {
    logger,
    signal: new AbortController().signal,
    progress: () => ", block 5 of 9",
    pollMs,
  });
  const answer = (nextIndex: number): void => {
    for (const {resolve} of readings.splice(0)) resolve({nextIndex, isRegistered: () => false});
  };
  const fail = (error: Error): void => {
    for (const {reject} of readings.splice(0)) reject(error);
  };
  onTestFinished(async () => {
    const stopped = registry.stop();
    answer(0);
    await stopped;
  });
  return {registry, readings, logged, answer, fail};
}

it("reports its progress, and works once it has been read", async () => {
  const {registry, readings, answer, logged} = createStage(600_000);
  await expect(registry.read(["a"])).rejects.toMatchObject({
    code: "REGISTRY_INCOMPLETE",
    message: expect.stringContaining("block 5 of 9"),
  });
  answer(7);
  await expect.poll(() => logged).toMatchObject([{next_index: 7}]);
  const read = registry.read(["a"]);
  expect(readings.map(({keys}) => keys)).toEqual([["a"]]);
  answer(8);
  expect((await read).nextIndex).toBe(8);
});

it("reports the failure until the next read", async () => {
  const {registry, readings, answer, fail, logged} = createStage(10);
  fail(new DvtError("EXECUTION_UNAVAILABLE", "no"));
  await expect.poll(() => registry.read([]).catch(({code}) => code)).toBe("EXECUTION_UNAVAILABLE");
  await expect.poll(() => readings.length).toBe(1);
  await expect(registry.read([])).rejects.toMatchObject({code: "REGISTRY_INCOMPLETE"});
  answer(3);
  await expect.poll(() => logged.at(-1)).toMatchObject({next_index: 3});
  await expect.poll(() => readings.length).toBe(1);
});
