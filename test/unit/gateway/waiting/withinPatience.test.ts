import {expect, it} from "vitest";
import {withinPatience} from "../../../../src/gateway/waiting/withinPatience.js";

it("returns the outcome of the work", async () => {
  expect(await withinPatience(Promise.resolve("done"), "at work")).toBe("done");
  await expect(withinPatience(Promise.reject(new TypeError("a bug")), "at work")).rejects.toThrow(TypeError);
});

it("is unavailable when the work takes longer than clients wait, and lets it go on", async () => {
  let finish = (): void => {};
  const work = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const waiting = withinPatience(work, "7 signatures are still being verified", 1);
  await expect(waiting).rejects.toMatchObject({code: "UNAVAILABLE", message: expect.stringContaining("7 signatures")});
  finish();
  await work;
});
