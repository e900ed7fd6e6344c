import {expect, it, onTestFinished} from "vitest";
import type {Message} from "../../../schemas/defineMessage.js";
import {exitRefusal} from "../../../schemas/exitRefusal.js";
import {type ExitShare, exitShare} from "../../../schemas/exitShare.js";
import {handleRefusals} from "../../../src/aggregator/exits/handleRefusals.js";
import {startAggregator} from "../../../src/aggregator/startAggregator.js";
import {publish} from "../../../src/messaging/publish.js";
import {createShutdown} from "../../../src/runtime/shutdown.js";
import {deliverAll, deliveryOf, toDelivery} from "../../support/deliver.js";
import {aShare, ask, createStage, type Dealt, messagesIn, type Stage} from "../../support/stage.js";

type Stored = {_id: string; came?: Record<string, number>; refusals?: object; refused?: object; completed_at?: number};

const documentOf = (stage: Stage): Promise<Stored | null> =>
  stage.db.collection<Stored>("exits").findOne({_id: `hoodi:${(stage.dealt[0] as Dealt).publicKeyHex}:1000`});

/** Shares of these indexes that come together, each at its time. */
async function take(stage: Stage, times: Record<number, number>, change: Partial<ExitShare> = {}): Promise<unknown[]> {
  const deliveries = Object.entries(times).map(([shareIndex, timestampMs]) => ({
    ...toDelivery({...aShare(stage, {shareIndex: Number(shareIndex)}), ...change}),
    timestampMs,
  }));
  const outcomes = await Promise.allSettled(await deliverAll(stage, deliveries));
  return outcomes.map((it) => (it.status === "fulfilled" ? it.value : it.reason.code));
}

it("has the time of each share's message, and of the first of several copies", async () => {
  const stage = await createStage();
  await ask(stage);
  expect(await take(stage, {1: 100})).toEqual(["collecting"]);
  expect((await documentOf(stage))?.came).toEqual({1: 100});
  expect(await take(stage, {1: 150})).toEqual(["held already"]);
  const copies = [200, 190].map((timestampMs) => ({...toDelivery(aShare(stage, {shareIndex: 2})), timestampMs}));
  await Promise.all(await deliverAll(stage, copies));
  expect(await take(stage, {3: 300})).toEqual(["completed"]);
  expect(await documentOf(stage)).toMatchObject({came: {1: 100, 2: 190, 3: 300}});
});

it("has the time of a share that came with enough others, though nobody verified it", async () => {
  const stage = await createStage();
  await ask(stage);
  expect(await take(stage, {1: 100, 2: 200, 3: 300, 4: 400})).toEqual(["completed", "completed", "completed", "completed"]);
  expect((await documentOf(stage))?.came).toEqual({1: 100, 2: 200, 3: 300, 4: 400});
});

it("has no time of a share that was refused", async () => {
  const stage = await createStage();
  await ask(stage);
  const [other] = await Promise.all([aShare(stage, {shareIndex: 2})]);
  expect(await take(stage, {1: 100}, {encrypted_signatures: other.encrypted_signatures})).toEqual(["SHARE_SIGNATURE_INVALID"]);
  expect(await take(stage, {3: 300})).toEqual(["collecting"]);
  expect((await documentOf(stage))?.came).toEqual({3: 300});
});

it("writes the times of late shares together, each once", async () => {
  const stage = await createStage();
  await ask(stage);
  await take(stage, {1: 100, 2: 200, 3: 300});
  expect(await take(stage, {4: 400})).toEqual(["late"]);
  expect(await take(stage, {4: 450, 1: 450})).toEqual(["late", "late"]);
  expect((await documentOf(stage))?.came).toEqual({1: 100, 2: 200, 3: 300});
  await stage.aggregator.lateShares.flush();
  expect((await documentOf(stage))?.came).toEqual({1: 100, 2: 200, 3: 300, 4: 400});
  await take(stage, {4: 500});
  await stage.aggregator.lateShares.flush();
  expect((await documentOf(stage))?.came).toEqual({1: 100, 2: 200, 3: 300, 4: 400});
});

it("writes what it remembers of late shares when it stops, as the stream dates them", async () => {
  const stage = await createStage();
  await ask(stage);
  await take(stage, {1: 100, 2: 200, 3: 300});
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  await startAggregator(stage.aggregator, shutdown);
  const sidecar = await stage.busOf("sidecar-c1-4");
  await publish(sidecar, exitShare, aShare(stage, {shareIndex: 4}));
  const jsm = await stage.bus.connection.jetstreamManager();
  const {
    state: {last_ts},
  } = await jsm.streams.info("EXIT_SHARES");
  await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
  await shutdown.stop();
  expect((await documentOf(stage))?.came).toMatchObject({4: Date.parse(last_ts as unknown as string)});
});

it("has since when a sidecar refuses, also after the exit is complete", async () => {
  const stage = await createStage();
  await ask(stage, {requestedAt: 1000});
  const publicKey = (stage.dealt[0] as Dealt).publicKeyHex;
  const refuse = (timestampMs: number) =>
    handleRefusals(stage.aggregator, {
      ...deliveryOf(exitRefusal as Message, {
        network: "hoodi",
        cluster_id: "c1",
        share_index: 4,
        refusals: [{public_key: publicKey, validator_index: 1000, requested_at: 1000, code: "INDEX_LIMIT", reason: "no"}],
      }),
      timestampMs,
    });
  await refuse(400);
  await refuse(450);
  expect(await documentOf(stage)).toMatchObject({refusals: {4: {code: "INDEX_LIMIT", at: 400}}});
  await take(stage, {1: 500, 2: 500, 3: 500});
  expect(await documentOf(stage)).toMatchObject({refused: {4: {code: "INDEX_LIMIT", at: 400}}});
  expect(await documentOf(stage)).not.toHaveProperty("refusals");
});
