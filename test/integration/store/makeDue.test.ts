import {expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {pagesOf} from "../../support/found.js";
import {ask, createStage, type Dealt, type Stage} from "../../support/stage.js";

const exitOf = (stage: Stage, validatorIndex = 1000) => ({
  network: networks.hoodi,
  publicKey: (stage.dealt[0] as Dealt).publicKeyHex,
  validatorIndex,
});
const dueNow = async ({requests}: Stage): Promise<number> =>
  (await pagesOf(requests.findDue("hoodi", Date.now(), 10))).flat().length;

it("makes an open exit due at once", async () => {
  const stage = await createStage();
  await ask(stage);
  expect(await dueNow(stage)).toBe(0);
  expect(await stage.requests.makeDue(exitOf(stage))).toBe(true);
  expect(await dueNow(stage)).toBe(1);
});

it.each<{id: string; spoil: (stage: Stage) => Promise<unknown>}>([
  {id: "that nobody asked for", spoil: async () => {}},
  {id: "of an index that is not current", spoil: (stage) => ask(stage, {validatorIndex: 2000})},
  {id: "that was answered", spoil: async (stage) => [await ask(stage), await stage.requests.markAnswered(exitOf(stage), "0x00")]},
  {id: "that has expired", spoil: async (stage) => [await ask(stage), await stage.requests.markExpired(exitOf(stage))]},
])("leaves an exit alone $id", async ({spoil}) => {
  const stage = await createStage();
  await spoil(stage);
  expect(await stage.requests.makeDue(exitOf(stage))).toBe(false);
  expect(await dueNow(stage)).toBe(0);
});
