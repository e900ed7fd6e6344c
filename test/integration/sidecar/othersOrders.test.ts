import {join} from "node:path";
import {expect, it} from "vitest";
import {exitRequest} from "../../../schemas/exitRequest.js";
import {readDeadLetters} from "../../../src/messaging/deadLetters.js";
import {publish} from "../../../src/messaging/publish.js";
import {aMessageCount} from "../../support/aMessageCount.js";
import {aRequest} from "../../support/aRequest.js";
import {temporaryFolder} from "../../support/servers.js";
import {createStage, storedMessage} from "../../support/stage.js";
import {startTestSidecar} from "../../support/startTestSidecar.js";

const longAgo = Date.now() - 8 * 86_400_000;
const tooOld = 300;

it("a sidecar signs on a good order however many that it does not accept came before, and writes few dead letters", async () => {
  const stage = await createStage();
  const {bus} = stage.relayer;
  for (let count = 0; count < tooOld; count++)
    await publish(bus, exitRequest, await aRequest(stage, {requestedAt: longAgo - count}));
  await publish(bus, exitRequest, await aRequest(stage));
  const {counts, read} = aMessageCount();
  const stop = await startTestSidecar(stage, join(await temporaryFolder(), "signed.jsonl"), {counts});
  await storedMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_shares.hoodi.c1.1");
  await expect.poll(() => read("refused")).toEqual([{labels: {stream: "EXIT_REQUESTS", code: "ORDER_EXPIRED"}, value: tooOld}]);
  await stop();
  const letters = (await readDeadLetters(stage.bus)).flatMap(({letter}) => (letter ? [letter] : []));
  expect(letters.length).toBeLessThan(tooOld);
  expect(letters.reduce((sum, {count = 1}) => sum + count, 0)).toBe(tooOld);
});
