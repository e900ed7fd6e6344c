import {expect, it} from "vitest";
import {watchLoopDelay} from "../../../src/runtime/loopDelay.js";

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it("finds out how long the event loop was blocked", async () => {
  const read = watchLoopDelay();
  const blocked = (): number => {
    block(200);
    return read();
  };
  await expect.poll(blocked).toBeGreaterThanOrEqual(150);
});
