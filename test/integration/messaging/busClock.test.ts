import {describe, expect, it, onTestFinished} from "vitest";
import {openBusClock} from "../../../src/messaging/busClock.js";
import {expectRightClock} from "../../../src/messaging/expectRightClock.js";
import {startRelayer} from "../../../src/relayer/startRelayer.js";
import {createShutdown} from "../../../src/runtime/shutdown.js";
import {aLogger} from "../../support/logger.js";
import {ask, createStage, lastMessage, messagesIn, type Stage} from "../../support/stage.js";

const hour = 3_600_000;

/** The bus's clock of a relayer whose machine's clock is off by `offMs`, which the test can change. */
async function aClock(stage: Stage, offMs: number) {
  const {logger, logged} = aLogger();
  let off = offMs;
  const clock = await openBusClock(stage.relayer.bus, {
    stream: "REQUESTS",
    durables: () => ["relayer-hoodi-op-1"],
    logger,
    ownTime: () => Date.now() + off,
  });
  onTestFinished(clock.stop);
  return {
    clock,
    logged,
    set: (ms: number): void => {
      off = ms;
    },
  };
}

describe("the bus's clock", () => {
  it.each([
    {id: "8 days ahead", offMs: 8 * 24 * hour},
    {id: "2 hours behind", offMs: -2 * hour},
  ])("is what a machine $id uses, which warns once, and logs that its clock is right again", async ({offMs}) => {
    const stage = await createStage();
    const {clock, logged, set} = await aClock(stage, offMs);
    // The server runs on this machine, with the test's clock.
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(hour / 2);
    expect(clock.isOwnRight()).toBe(false);
    await clock.refresh();
    expect(logged.map(({level}) => level)).toEqual([40]);
    await expect(expectRightClock(clock)).rejects.toMatchObject({code: "CLOCK_WRONG"});
    set(0);
    await clock.refresh();
    expect(logged.map(({level}) => level)).toEqual([40, 30]);
    await expectRightClock(clock);
  });

  it("keeps a relayer whose clock is 8 days ahead from expiring anything until the clock is right", async () => {
    const stage = await createStage({exitLifetimeMs: 8 * hour, reissueAfterMs: 400});
    await ask(stage, {count: 1});
    await stage.db.collection("requests").updateMany({}, {$set: {due_at: 0}});
    const [{publicKeyHex} = {publicKeyHex: ""}] = stage.dealt;
    const {clock, set} = await aClock(stage, 8 * 24 * hour);
    const shutdown = createShutdown({onError: () => {}});
    onTestFinished(shutdown.stop);
    let checks = 0;
    const counted = {
      ...clock,
      isOwnRight: () => {
        checks++;
        return clock.isOwnRight();
      },
    };
    await startRelayer({...stage.relayer, clock: counted}, shutdown);
    await expect.poll(() => checks).toBeGreaterThan(2);
    expect(await stage.db.collection("requests").findOne({})).toMatchObject({state: "open", issues: 1});
    expect(await lastMessage(stage.bus, "COMPLETIONS", `dvt.v2.completions.hoodi.op-1.${publicKeyHex}.1000`)).toBeUndefined();
    set(0);
    await expect.poll(() => messagesIn(stage.bus, "EXIT_REQUESTS")).toBe(1);
  });
});
