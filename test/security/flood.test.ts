import {expect, it, onTestFinished} from "vitest";
import {exitShare} from "../../schemas/exitShare.js";
import {startAggregator} from "../../src/aggregator/startAggregator.js";
import {publish} from "../../src/messaging/publish.js";
import {createShutdown} from "../../src/runtime/shutdown.js";
import {connectRaw} from "../support/attacker.js";
import {aShare, ask, createStage, messagesIn} from "../support/stage.js";
import {untilMessages} from "../support/until.js";

it("a sidecar that floods the bus with 25,000 messages fills its own quota, and the others finish an exit", async () => {
  const stage = await createStage();
  await ask(stage);
  const connection = await connectRaw(stage.nats.url, stage.seedFile("sidecar-c1-4"), "_INBOX_sidecar-c1-4");
  const payload = new TextEncoder().encode(JSON.stringify(aShare(stage, {shareIndex: 4})));
  for (let sent = 0; sent < 25_000; sent++) {
    connection.publish("dvt.v1.exit_shares.hoodi.c1.4", payload);
    if (sent % 1000 === 0) await connection.flush();
  }
  await connection.flush();
  // What is over its quota was not kept; what is within it waits before the others' shares.
  expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(20_000);
  const completed = untilMessages(stage.bus, "dvt.v1.completions.>", 1);
  for (const shareIndex of [1, 2, 3]) {
    await publish(await stage.busOf(`sidecar-c1-${shareIndex}`), exitShare, aShare(stage, {shareIndex}));
  }
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  await startAggregator(stage.aggregator, shutdown);
  await completed;
}, 120_000);
