import {describe, expect, it} from "vitest";
import type {Deposit} from "../../../schemas/deposit.js";
import {networks} from "../../../src/consensus/networks.js";
import {handleBatch} from "../../../src/relayer/handleBatch.js";
import {sweepOpen} from "../../../src/relayer/sweepOpen.js";
import {askedFor} from "../../support/exitRequests.js";
import {askedBy} from "../../support/found.js";
import {signBatch} from "../../support/signBatch.js";
import {aDeposit, createStage, type Dealt, depositAnswer, depositIdOf, lastMessage, type Stage} from "../../support/stage.js";

const {signal} = new AbortController();
const network = networks.hoodi;
const one = aDeposit();
const other = aDeposit({amount: 64_000_000_000, validator_type: "0x02"});
const signature = `0x${"5a".repeat(96)}`;
const keyOf = (stage: Stage): string => (stage.dealt[0] as Dealt).publicKeyHex;
const exitOf = (stage: Stage, validatorIndex = 1000) => ({network, publicKey: keyOf(stage), validatorIndex});

type Asking = {deposit?: Deposit | undefined; at?: number; operatorId?: string; index?: number};

/** Asks are dated by seconds from here. */
const startMs = Date.now() - 60_000;
const second = (number: number): number => startMs + number * 1000;

/** Handles a batch that asks for one exit, and for its deposit if given. */
const ask = async (stage: Stage, {deposit, at = second(1), operatorId = "op-1", index = 1000}: Asking): Promise<string> => {
  const validators = [{public_key: keyOf(stage), validator_index: index, ...(deposit && {deposit})}];
  const unsigned = {batch_id: "b-1", network: "hoodi" as const, operator_id: operatorId, requested_at: at, validators};
  const data = new TextEncoder().encode(JSON.stringify(await signBatch(stage, unsigned)));
  return handleBatch(stage.relayer, {subject: `dvt.v2.requests.hoodi.${operatorId}`, data, timestampMs: Date.now()});
};
const answerTo = depositAnswer;
/** What the sidecars are asked for last of the exit. */
const requested = async (stage: Stage, index = 1000) =>
  (await askedFor(stage.bus, keyOf(stage))).filter(({validator_index}) => validator_index === index).at(-1);
const countRequests = async (stage: Stage): Promise<number> => {
  const jsm = await stage.bus.connection.jetstreamManager();
  return (await jsm.streams.info("EXIT_REQUESTS")).state.last_seq;
};
const head = (stage: Stage) => stage.requests.find(exitOf(stage));
const signDeposit = (stage: Stage, deposit = one): Promise<unknown> =>
  stage.deposits.write([{id: depositIdOf(stage, {deposit}), clusterId: "c1", signature}], Date.now());
const completeExit = (stage: Stage, validatorIndex = 1000): Promise<unknown> => {
  const result = {
    public_keys: [`0x${"aa".repeat(48)}`],
    encrypted_exit_signatures: [`0x${"bb".repeat(193)}`],
    aggregator_signature: `${"A".repeat(86)}==`,
  };
  const change = {exit: exitOf(stage, validatorIndex), clusterId: "c1", result};
  return stage.exits.write([change], stage.oracleSet.configHash, Date.now());
};

describe("a batch that asks for a deposit too", () => {
  it("asks the sidecars for both, after it is stored", async () => {
    const stage = await createStage();
    await ask(stage, {deposit: one});
    expect(await requested(stage)).toMatchObject({requested_at: second(1), deposit: one});
    expect(await head(stage)).toMatchObject({
      state: "open",
      deposit: {deposit: one, requestedAt: second(1), requesters: askedBy("op-1"), isExpired: false},
    });
  });

  it("is answered from the store if both are there, without asking sidecars", async () => {
    const stage = await createStage();
    await ask(stage, {deposit: one});
    await Promise.all([completeExit(stage), signDeposit(stage)]);
    await ask(stage, {deposit: one, operatorId: "op-2"});
    expect(await answerTo(stage, one, "op-2")).toMatchObject({status: "completed", signature});
    expect(await countRequests(stage)).toBe(1);
    expect(await head(stage)).toMatchObject({state: "answered"});
  });

  it("asks the sidecars again if only the exit is there, until the deposit is too", async () => {
    const stage = await createStage({reissueAfterMs: 60_000});
    await ask(stage, {});
    await completeExit(stage);
    await ask(stage, {});
    expect([await countRequests(stage), (await head(stage))?.state]).toEqual([1, "answered"]);
    await ask(stage, {deposit: one, at: second(2)});
    expect([await requested(stage), await head(stage)]).toMatchObject([{deposit: one}, {state: "open"}]);
    const {dueAt = 0} = (await head(stage)) ?? {};
    await sweepOpen(stage.relayer, dueAt, signal);
    expect([await countRequests(stage), await requested(stage)]).toMatchObject([3, {requested_at: second(2), deposit: one}]);
    await signDeposit(stage);
    await sweepOpen(stage.relayer, dueAt + 3_600_000, signal);
    expect([await answerTo(stage, one), await head(stage)]).toMatchObject([{status: "completed"}, {state: "answered"}]);
    expect(await countRequests(stage)).toBe(3);
  });

  it("asks the sidecars again for the exit, as it was ordered, if only its deposit is there", async () => {
    const stage = await createStage({reissueAfterMs: 60_000});
    await ask(stage, {deposit: one});
    await signDeposit(stage);
    await ask(stage, {deposit: one});
    expect(await answerTo(stage, one)).toMatchObject({status: "completed"});
    expect([await countRequests(stage), await requested(stage)]).toMatchObject([2, {deposit: one}]);
    expect(await head(stage)).toMatchObject({state: "open"});
  });

  it("keeps its deposit when another operator asks for the exit alone: each is asked for on its own order", async () => {
    const stage = await createStage({reissueAfterMs: 60_000});
    await ask(stage, {deposit: one});
    await ask(stage, {at: second(2), operatorId: "op-2"});
    expect(await head(stage)).toMatchObject({requesters: askedBy("op-1", "op-2"), deposit: {requesters: askedBy("op-1")}});
    const both = [
      {requested_at: second(1), operator_id: "op-1", deposit: one},
      {requested_at: second(2), operator_id: "op-2"},
    ];
    const held = async () => (await askedFor(stage.bus, keyOf(stage))).sort((a, b) => a.requested_at - b.requested_at);
    expect(await held()).toMatchObject(both);
    expect((await held())[1]).not.toHaveProperty("deposit");
    const {dueAt = 0} = (await head(stage)) ?? {};
    await sweepOpen(stage.relayer, dueAt, signal);
    expect([await countRequests(stage), await held()]).toMatchObject([4, both]);
    await signDeposit(stage);
    await sweepOpen(stage.relayer, dueAt + 120_000, signal);
    expect([await countRequests(stage), await requested(stage)]).toMatchObject([5, {operator_id: "op-2"}]);
  });

  it("asks for a deposit alone on its own order once the exit is there", async () => {
    const stage = await createStage({reissueAfterMs: 60_000});
    await ask(stage, {deposit: one});
    await ask(stage, {at: second(2), operatorId: "op-2"});
    await completeExit(stage);
    const {dueAt = 0} = (await head(stage)) ?? {};
    await sweepOpen(stage.relayer, dueAt, signal);
    expect([await countRequests(stage), await requested(stage)]).toMatchObject([3, {operator_id: "op-1", deposit: one}]);
  });

  it("that is delivered again after another operator asked for the exit alone asks for the deposit again", async () => {
    const stage = await createStage();
    await ask(stage, {deposit: one});
    await ask(stage, {at: second(2), operatorId: "op-2"});
    await ask(stage, {deposit: one});
    expect([await countRequests(stage), await requested(stage)]).toMatchObject([3, {operator_id: "op-1", deposit: one}]);
  });
});

describe("another deposit of the same exit", () => {
  it("of a later request replaces the first, whose requester gets a rejection", async () => {
    const stage = await createStage();
    await ask(stage, {deposit: one});
    await ask(stage, {deposit: one, operatorId: "op-2"});
    await ask(stage, {deposit: other, at: second(2)});
    expect(await requested(stage)).toMatchObject({deposit: other});
    for (const operatorId of ["op-1", "op-2"]) {
      expect(await answerTo(stage, one, operatorId)).toMatchObject({
        status: "rejected",
        code: "DEPOSIT_SUPERSEDED",
        requested_at: second(1),
      });
    }
    expect(await answerTo(stage, other)).toBeUndefined();
  });

  it("of an earlier request is rejected as superseded, and changes nothing", async () => {
    const stage = await createStage();
    await ask(stage, {deposit: other, at: second(2)});
    await ask(stage, {deposit: one, operatorId: "op-2"});
    expect(await answerTo(stage, one, "op-2")).toMatchObject({status: "rejected", code: "DEPOSIT_SUPERSEDED"});
    expect(await requested(stage)).toMatchObject({deposit: other});
    expect(await head(stage)).toMatchObject({deposit: {deposit: other, requesters: askedBy("op-1")}});
  });

  it("does not revoke a signature: the first is still answered from the store", async () => {
    const stage = await createStage();
    await ask(stage, {deposit: one});
    await signDeposit(stage);
    await ask(stage, {deposit: other, at: second(2), operatorId: "op-2"});
    expect(await answerTo(stage, one)).toMatchObject({status: "completed", signature});
    await ask(stage, {deposit: one});
    expect(await answerTo(stage, one)).toMatchObject({status: "completed", signature});
    expect(await head(stage)).toMatchObject({deposit: {deposit: other}});
  });

  it.each<{id: string; asks: Asking[]; operatorId: string}>([
    {id: "replaced", asks: [{deposit: one}, {deposit: other, at: second(2), operatorId: "op-2"}], operatorId: "op-1"},
    {
      id: "asked for too late",
      asks: [
        {deposit: other, at: second(2)},
        {deposit: one, operatorId: "op-2"},
      ],
      operatorId: "op-2",
    },
  ])("publishes a signature last that arrives while the deposit $id is rejected", async ({asks, operatorId}) => {
    const stage = await createStage();
    for (const asking of asks.slice(0, -1)) await ask(stage, asking);
    const deposits = {
      findSignatures: async (...args: Parameters<typeof stage.deposits.findSignatures>) => {
        const signatures = await stage.deposits.findSignatures(...args);
        await signDeposit(stage);
        return signatures;
      },
    };
    await ask({...stage, relayer: {...stage.relayer, deposits}}, asks.at(-1) as Asking);
    expect(await answerTo(stage, one, operatorId)).toMatchObject({status: "completed", signature});
  });

  it("is the latest if many are asked for at once", async () => {
    const stage = await createStage();
    const deposits = Array.from({length: 8}, (_, number) => aDeposit({amount: 32_000_000_000 + number}));
    await Promise.all(deposits.map((deposit, number) => ask(stage, {deposit, at: second(1) + number})));
    expect(await head(stage)).toMatchObject({deposit: {deposit: deposits[7], requestedAt: second(1) + 7}});
    const answers = await Promise.all(deposits.map((deposit) => answerTo(stage, deposit)));
    expect(answers.slice(0, 7)).toEqual(answers.slice(0, 7).map(() => expect.objectContaining({code: "DEPOSIT_SUPERSEDED"})));
    expect(answers[7]).toBeUndefined();
  });

  it("belongs to the exit at its new index, and the old one to the old index", async () => {
    const stage = await createStage();
    await ask(stage, {deposit: one});
    await ask(stage, {at: second(2), index: 2000});
    expect(await requested(stage, 2000)).not.toHaveProperty("deposit");
    expect((await head(stage))?.deposit).toBeUndefined();
    await ask(stage, {deposit: other, at: second(3), index: 3000});
    expect(await requested(stage, 3000)).toMatchObject({deposit: other});
  });
});

describe("a deposit that too few sign", () => {
  it("expires alone if the exit is there, and only a new request asks for it again", async () => {
    const stage = await createStage({reissueAfterMs: 60_000, exitLifetimeMs: 300_000});
    await ask(stage, {deposit: one});
    await completeExit(stage);
    const {openedAt = 0} = (await head(stage)) ?? {};
    await sweepOpen(stage.relayer, openedAt + 299_999, signal);
    expect(await answerTo(stage, one)).toBeUndefined();
    await sweepOpen(stage.relayer, openedAt + 300_000, signal);
    expect(await answerTo(stage, one)).toMatchObject({status: "rejected", code: "DEPOSIT_EXPIRED", requested_at: second(1)});
    expect(await head(stage)).toMatchObject({state: "answered", deposit: {isExpired: true}});
    const before = await countRequests(stage);
    await ask(stage, {deposit: one, operatorId: "op-2"});
    expect(await answerTo(stage, one, "op-2")).toMatchObject({status: "rejected", code: "DEPOSIT_EXPIRED"});
    expect(await countRequests(stage)).toBe(before);
    await ask(stage, {deposit: one, at: second(2)});
    expect([await requested(stage), await head(stage)]).toMatchObject([
      {requested_at: second(2), deposit: one},
      {state: "open", deposit: {isExpired: false}},
    ]);
  });

  it("expires with its exit if that is not there either, and is not requested again with it", async () => {
    const stage = await createStage({reissueAfterMs: 60_000, exitLifetimeMs: 300_000});
    await ask(stage, {deposit: one});
    const {openedAt = 0} = (await head(stage)) ?? {};
    await sweepOpen(stage.relayer, openedAt + 300_000, signal);
    const exitAnswer = await lastMessage(stage.bus, "COMPLETIONS", `dvt.v2.completions.hoodi.op-1.${keyOf(stage)}.1000`);
    expect([exitAnswer, await answerTo(stage, one)]).toEqual([expect.objectContaining({code: "EXIT_EXPIRED"}), undefined]);
    await ask(stage, {at: second(2), operatorId: "op-2"});
    expect(await requested(stage)).not.toHaveProperty("deposit");
    expect((await head(stage))?.deposit).toBeUndefined();
  });

  it("stays open if it is asked for while the exit is being closed", async () => {
    const stage = await createStage({reissueAfterMs: 60_000});
    await ask(stage, {});
    await completeExit(stage);
    const exits = {
      ...stage.exits,
      findResults: async (...args: Parameters<typeof stage.exits.findResults>) => {
        const results = await stage.exits.findResults(...args);
        await ask(stage, {deposit: one, at: second(2)});
        return results;
      },
    };
    const {dueAt = 0} = (await head(stage)) ?? {};
    await sweepOpen({...stage.relayer, exits}, dueAt, signal);
    expect(await head(stage)).toMatchObject({state: "open", deposit: {deposit: one}});
  });
});
