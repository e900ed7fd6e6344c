import {expect, it, onTestFinished, vi} from "vitest";
import {createSteadyClock} from "../../../src/runtime/clock.js";

it("a steady clock goes on from where it was, whoever sets the machine's", () => {
  const before = Date.now();
  const now = createSteadyClock();
  const spy = vi.spyOn(Date, "now").mockReturnValue(before + 8 * 86_400_000);
  onTestFinished(() => spy.mockRestore());
  expect(now() - before).toBeGreaterThanOrEqual(-2);
  expect(now() - before).toBeLessThan(3_600_000);
});
