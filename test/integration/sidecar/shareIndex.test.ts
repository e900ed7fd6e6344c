import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import {exitRequest} from "../../../schemas/exitRequest.js";
import {consume} from "../../../src/messaging/consume.js";
import {publish} from "../../../src/messaging/publish.js";
import {watchForOthers} from "../../../src/messaging/watchForOthers.js";
import {aRequest} from "../../support/aRequest.js";
import {aLogger} from "../../support/logger.js";
import {temporaryFolder} from "../../support/servers.js";
import {createStage, type Stage, storedMessage} from "../../support/stage.js";
import {startTestSidecar} from "../../support/startTestSidecar.js";

const only = {stream: "EXIT_REQUESTS", durable: "sidecar-c1-1"} as const;

async function createSidecars() {
  const [stage, folder] = [await createStage(), await temporaryFolder()];
  // Each with a state file of its own: only the bus shows them each other.
  const start = (name: string, patienceMs?: number) =>
    startTestSidecar(stage, join(folder, name), {...(patienceMs !== undefined && {patienceMs})});
  return {stage, start};
}

const ask = async (stage: Stage): Promise<void> => publish(stage.relayer.bus, exitRequest, await aRequest(stage));

describe("of two sidecars with one share index", () => {
  it("the second ends with SHARE_INDEX_IN_USE, and the first continues", async () => {
    const {stage, start} = await createSidecars();
    await start("first");
    await expect(start("second", 0)).rejects.toMatchObject({code: "SHARE_INDEX_IN_USE"});
    await ask(stage);
    await storedMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_shares.hoodi.c1.1");
  });

  it("the second starts as soon as the first has ended", async () => {
    const {stage, start} = await createSidecars();
    const stop = await start("first");
    const second = start("second");
    await stop();
    await second;
    await ask(stage);
    await storedMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_shares.hoodi.c1.1");
  });

  it("both detect each other if neither saw the other start", async () => {
    const stage = await createStage();
    const {logger} = aLogger();
    const lost: string[] = [];
    for (const name of ["first", "second"]) {
      const bus = await stage.busOf("sidecar-c1-1");
      const consumer = await consume(bus, {...only, concurrency: 64, handle: async () => "", logger});
      const watch = watchForOthers(bus, {
        ...only,
        who: name,
        inUse: "SHARE_INDEX_IN_USE",
        logger,
        signal: new AbortController().signal,
        pollEveryMs: 20,
        onLost: ({code}) => lost.push(`${name} ${code}`),
      });
      onTestFinished(consumer.stop);
      onTestFinished(watch.stop);
    }
    await expect.poll(() => [...lost].sort()).toEqual(["first TAKEN_OVER", "second TAKEN_OVER"]);
  });

  it("one alone is never taken for two", async () => {
    const {stage, start} = await createSidecars();
    const lost: unknown[] = [];
    await start("only");
    const {logger} = aLogger();
    const watching = watchForOthers(await stage.busOf("sidecar-c1-1"), {
      ...only,
      who: "only",
      inUse: "SHARE_INDEX_IN_USE",
      logger,
      signal: new AbortController().signal,
      pollEveryMs: 5,
      onLost: (error) => lost.push(error),
    });
    onTestFinished(watching.stop);
    await ask(stage);
    await storedMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_shares.hoodi.c1.1");
    expect(lost).toEqual([]);
  });
});
