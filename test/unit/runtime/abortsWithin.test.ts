import {once} from "node:events";
import {setTimeout as delay} from "node:timers/promises";
import {setFlagsFromString} from "node:v8";
import {runInNewContext} from "node:vm";
import {expect, it} from "vitest";
import {abortsWithin} from "../../../src/runtime/abortsWithin.js";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

it("aborts when its time is over, whatever was collected as garbage meanwhile", async () => {
  const signal = abortsWithin(new AbortController().signal, 50);
  const aborted = once(signal, "abort");
  // A promise of the collector's is settled in a later turn.
  for (let turn = 0; turn < 3; turn++) {
    await delay(5);
    collectGarbage();
  }
  await Promise.race([aborted, delay(2000)]);
  expect(signal.reason).toMatchObject({name: "TimeoutError"});
});

it("aborts with the other signal, for its reason", async () => {
  const controller = new AbortController();
  const signal = abortsWithin(controller.signal, 60_000);
  controller.abort(new Error("stopped"));
  expect(signal.reason).toMatchObject({message: "stopped"});
});
