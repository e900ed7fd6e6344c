import {expect, it, onTestFinished} from "vitest";
import type {Message} from "../../../schemas/defineMessage.js";
import {exitReceipt} from "../../../schemas/exitReceipt.js";
import {createReceipts} from "../../../src/client/receipts.js";
import {networks} from "../../../src/consensus/networks.js";
import {handleReceipt} from "../../../src/relayer/handleReceipt.js";
import {startRelayer} from "../../../src/relayer/startRelayer.js";
import {createShutdown} from "../../../src/runtime/shutdown.js";
import {deliveryOf} from "../../support/deliver.js";
import {silent} from "../../support/servers.js";
import {aDeposit, ask, createStage, type Dealt, depositIdOf, type Stage} from "../../support/stage.js";

const network = networks.hoodi;
const exitOf = ({dealt}: Stage, of = 0) => ({network, publicKey: (dealt[of] as Dealt).publicKeyHex, validatorIndex: 1000 + of});
const aResult = {
  public_keys: [`0x${"01".repeat(48)}`],
  encrypted_exit_signatures: [`0x${"cd".repeat(97 + 96)}`],
  aggregator_signature: `${"A".repeat(86)}==`,
};
const complete = async (stage: Stage, of = 0): Promise<void> => {
  await stage.exits.write([{exit: exitOf(stage, of), clusterId: "c1", result: aResult}], stage.oracleSet.configHash, Date.now());
};
type Told = {operatorId?: string; exits?: readonly ReturnType<typeof exitOf>[]; hash?: string; at?: number};
const receive = (
  stage: Stage,
  {operatorId = "op-1", exits = [exitOf(stage)], hash = stage.oracleSet.configHash, at = 5000}: Told = {},
): Promise<string> => {
  const named = exits.map(({publicKey, validatorIndex}) => ({public_key: publicKey, validator_index: validatorIndex}));
  const payload = {network: "hoodi", operator_id: operatorId, oracles_config_hash: hash, exits: named};
  return handleReceipt(stage.relayer, {...deliveryOf(exitReceipt as Message, payload), timestampMs: at});
};
const requestOf = (stage: Stage, of = 0) => stage.requests.find(exitOf(stage, of));

it("records when the operator took the result, and closes the exit that nobody else asked for", async () => {
  const stage = await createStage();
  await ask(stage);
  await complete(stage);
  expect(await receive(stage)).toBe("taken");
  const {configHash} = stage.oracleSet;
  expect(await requestOf(stage)).toMatchObject({state: "answered", answeredFor: configHash, taken: new Map([["op-1", 5000]])});
  expect(await receive(stage, {at: 6000})).toBe("taken before");
  expect((await requestOf(stage))?.taken).toEqual(new Map([["op-1", 5000]]));
});

it("leaves an exit open until all who asked for it have the result", async () => {
  const stage = await createStage();
  await ask(stage);
  await ask(stage, {operatorId: "op-2"});
  await complete(stage);
  expect(await receive(stage)).toBe("taken");
  expect(await requestOf(stage)).toMatchObject({state: "open"});
  expect(await receive(stage, {operatorId: "op-2"})).toBe("taken");
  expect((await requestOf(stage))?.state).toBe("answered");
});

it("leaves an exit open while its deposit has no signature", async () => {
  const stage = await createStage();
  await ask(stage, {deposit: aDeposit()});
  await complete(stage);
  expect(await receive(stage)).toBe("taken");
  expect(await requestOf(stage)).toMatchObject({state: "open", taken: new Map([["op-1", 5000]])});
});

it("closes an exit whose deposit is signed", async () => {
  const stage = await createStage();
  const deposit = aDeposit();
  await ask(stage, {deposit});
  await complete(stage);
  await stage.deposits.write([{id: depositIdOf(stage, {deposit}), clusterId: "c1", signature: `0x${"ab".repeat(96)}`}], 1);
  await receive(stage);
  expect((await requestOf(stage))?.state).toBe("answered");
});

it.each<{id: string; told: (stage: Stage) => Told; outcome: string}>([
  {id: "of an operator who did not ask", told: () => ({operatorId: "op-2"}), outcome: "not asked for"},
  {id: "of an exit without a result", told: (stage) => ({exits: [exitOf(stage, 1)]}), outcome: "not asked for"},
  {id: "of another index", told: (stage) => ({exits: [{...exitOf(stage), validatorIndex: 7}]}), outcome: "not asked for"},
  {id: "for another oracle set", told: () => ({hash: `0x${"ee".repeat(32)}`}), outcome: "other oracle set"},
])("does nothing with a receipt $id", async ({told, outcome}) => {
  const stage = await createStage();
  await ask(stage, {count: 2});
  await complete(stage);
  expect(await receive(stage, told(stage))).toBe(outcome);
  expect(await requestOf(stage)).toMatchObject({state: "open", taken: new Map()});
  expect(await requestOf(stage, 1)).toMatchObject({state: "open", taken: new Map()});
});

it("takes receipts off the bus, those of one operator packed, and each exit once", async () => {
  const stage = await createStage({validators: 3});
  await ask(stage, {count: 3});
  for (const of of [0, 1, 2]) await complete(stage, of);
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  let messages = 0;
  stage.bus.connection.subscribe("dvt.v2.receipts.>", {callback: () => void messages++});
  await startRelayer(stage.relayer, shutdown);
  const receipts = createReceipts(await stage.busOf("operator-op-1"), {operatorId: "op-1", logger: silent});
  for (const of of [0, 1, 2, 0]) receipts.add(exitOf(stage, of), stage.oracleSet.configHash);
  await receipts.stop();
  for (const of of [0, 1, 2]) await expect.poll(async () => (await requestOf(stage, of))?.state).toBe("answered");
  expect(messages).toBe(1);
});
