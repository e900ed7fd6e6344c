import {describe, expect, it} from "vitest";
import {createShutdown} from "../../../src/runtime/shutdown.js";

const setUp = (graceMs?: number) => {
  const errors: unknown[] = [];
  const released: string[] = [];
  const shutdown = createShutdown({onError: (error) => errors.push(error), ...(graceMs !== undefined && {graceMs})});
  return {shutdown, errors, released, release: (name: string) => async () => void released.push(name)};
};

describe("createShutdown", () => {
  it("releases in reverse order, each after the one before has ended", async () => {
    const {shutdown, released, release} = setUp();
    shutdown.onStop(release("store"));
    shutdown.onStop(release("bus"));
    shutdown.onStop(async () => {
      await new Promise(setImmediate);
      released.push("consumer");
    });
    await shutdown.stop();
    expect(released).toEqual(["consumer", "bus", "store"]);
  });

  it("releases once, however often it is asked, and lets everybody wait for it", async () => {
    const {shutdown, released} = setUp();
    shutdown.onStop(async () => {
      await new Promise(setImmediate);
      released.push("bus");
    });
    const seen = await Promise.all([1, 2].map(() => shutdown.stop().then(() => [...released])));
    await shutdown.stop();
    expect(seen).toEqual([["bus"], ["bus"]]);
    expect(released).toEqual(["bus"]);
  });

  it("keeps what failed first, and stops because of it", async () => {
    const {shutdown, released, release} = setUp();
    shutdown.onStop(release("bus"));
    const [first, second] = [new Error("first"), new Error("second")];
    shutdown.fail(first);
    shutdown.fail(second);
    await shutdown.stop();
    expect(shutdown.failure).toBe(first);
    expect(shutdown.signal.aborted).toBe(true);
    expect(released).toEqual(["bus"]);
  });

  it.each([
    {id: "by a release", when: "release" as const},
    {id: "by a listener for the stop", when: "abort" as const},
    {id: "after everything was released", when: "after" as const},
  ])("releases what is registered late, too: $id", async ({when}) => {
    const {shutdown, released} = setUp();
    const register = (): void =>
      shutdown.onStop(async () => {
        await new Promise(setImmediate);
        released.push("late");
      });
    shutdown.onStop(() => {
      released.push("first");
      if (when === "release") register();
    });
    if (when === "abort") shutdown.signal.addEventListener("abort", register);
    await shutdown.stop();
    if (when === "after") register();
    await shutdown.stop();
    expect(released.toSorted()).toEqual(["first", "late"]);
  });

  it("stops once if a listener for the stop stops it again", async () => {
    const {shutdown, released, release} = setUp();
    shutdown.onStop(release("bus"));
    shutdown.signal.addEventListener("abort", () => void shutdown.stop());
    await shutdown.stop();
    expect(released).toEqual(["bus"]);
  });

  it("reports releases that fail, and runs the others", async () => {
    const {shutdown, errors, released, release} = setUp();
    const [rejected, thrown] = [new Error("rejected"), new Error("thrown")];
    shutdown.onStop(release("store"));
    shutdown.onStop(() => Promise.reject(rejected));
    shutdown.onStop(() => {
      throw thrown;
    });
    shutdown.onStop(release("consumer"));
    await shutdown.stop();
    expect(released).toEqual(["consumer", "store"]);
    expect(errors).toEqual([thrown, rejected]);
  });

  it("aborts its signal before the first release, and not before it is asked", async () => {
    const {shutdown} = setUp();
    const seen: boolean[] = [];
    shutdown.onStop(() => seen.push(shutdown.signal.aborted));
    expect(shutdown.signal.aborted).toBe(false);
    await shutdown.stop();
    expect(seen).toEqual([true]);
  });

  it("does not wait longer than its grace for a release that never ends", async () => {
    const {shutdown, released, release} = setUp(1);
    shutdown.onStop(release("store"));
    shutdown.onStop(() => new Promise(() => {}));
    await shutdown.stop();
    expect(released).toEqual([]);
  });

  it("ends at once with nothing to release", async () => {
    await expect(setUp().shutdown.stop()).resolves.toBeUndefined();
  });
});
