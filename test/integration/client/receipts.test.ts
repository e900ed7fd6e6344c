import {expect, it} from "vitest";
import type {ExitReceipt} from "../../../schemas/exitReceipt.js";
import {createReceipts} from "../../../src/client/receipts.js";
import {networks} from "../../../src/consensus/networks.js";
import {createStage, messagesIn, type Stage} from "../../support/stage.js";

const set = `0x${"cf".repeat(32)}`;
const exitAt = (validatorIndex: number) => ({network: networks.hoodi, publicKey: `0x${"ab".repeat(48)}`, validatorIndex});

async function open(stage: Stage) {
  const dropped: unknown[] = [];
  const logger = {debug: (fields: unknown) => void dropped.push(fields)};
  const receipts = createReceipts(await stage.busOf("operator-op-1"), {operatorId: "op-1", logger});
  return {receipts, dropped};
}

it("publishes the results of each oracle set in messages of up to 64", async () => {
  const stage = await createStage();
  const {receipts, dropped} = await open(stage);
  const sizes: [string, number][] = [];
  stage.bus.connection.subscribe("dvt.v2.receipts.hoodi.op-1", {
    callback: (_, message) => {
      const {oracles_config_hash, exits} = message.json<ExitReceipt>();
      sizes.push([oracles_config_hash, exits.length]);
    },
  });
  // Another connection publishes them: the server has to know of this one first.
  await stage.bus.connection.flush();
  const otherSet = `0x${"ee".repeat(32)}`;
  for (let index = 0; index < 65; index++) receipts.add(exitAt(index), set);
  receipts.add(exitAt(1), otherSet);
  receipts.add(exitAt(1), set);
  await receipts.stop();
  expect(await messagesIn(stage.bus, "REQUESTS")).toBe(3);
  await expect.poll(() => sizes.toSorted(([, a], [, b]) => b - a)).toHaveLength(3);
  expect(new Set(sizes.map(String))).toEqual(new Set([`${set},64`, `${set},1`, `${otherSet},1`]));
  expect(dropped).toEqual([]);
});

it("drops what a full queue does not take, and nobody waits for it", async () => {
  const stage = await createStage();
  const jsm = await stage.bus.connection.jetstreamManager();
  const {config} = await jsm.streams.info("REQUESTS");
  await jsm.streams.update("REQUESTS", {...config, max_msgs_per_subject: 1});
  const {receipts, dropped} = await open(stage);
  for (let index = 0; index < 128; index++) receipts.add(exitAt(index), set);
  await receipts.stop();
  expect(await messagesIn(stage.bus, "REQUESTS")).toBe(1);
  expect(dropped).toMatchObject([{exits: 64}]);
});
