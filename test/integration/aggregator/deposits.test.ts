import {describe, expect, it} from "vitest";
import type {Message} from "../../../schemas/defineMessage.js";
import {type DepositRefusal, depositRefusal} from "../../../schemas/depositRefusal.js";
import {depositShare} from "../../../schemas/depositShare.js";
import {handleRefusals} from "../../../src/aggregator/deposits/handleRefusals.js";
import {sweepShares, sweepUnpublished} from "../../../src/aggregator/deposits/sweep.js";
import {startAggregator} from "../../../src/aggregator/startAggregator.js";
import {depositKeyOf, depositRootOf} from "../../../src/exits/depositId.js";
import {publish} from "../../../src/messaging/publish.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {createShutdown} from "../../../src/runtime/shutdown.js";
import {deliverDeposit, deliverDeposits, deliveryOf, onlyOutcome} from "../../support/deliver.js";
import {pagesOf, readable} from "../../support/found.js";
import {
  aDeposit,
  aDepositShare,
  ask,
  createStage,
  type Dealt,
  depositAnswer,
  depositIdOf,
  type Stage,
} from "../../support/stage.js";

const deposit = aDeposit();
const requestedAt = 1_800_000_000_000;
const aRefusedDeposit = (publicKeyHex: string): DepositRefusal["refusals"][number] => ({
  public_key: publicKeyHex,
  deposit,
  requested_at: requestedAt,
  code: "VAULT_NOT_ALLOWED",
  reason: "its policy does not allow it",
});
const other = aDeposit({amount: 64_000_000_000});

/** A stage where op-1 asked for the exit of the first validator with the deposit. */
const asked = async (): Promise<Stage> => {
  const stage = await createStage();
  await ask(stage, {deposit, requestedAt});
  return stage;
};
const held = async (stage: Stage, of = 0) => {
  const id = depositIdOf(stage, {of});
  const {shares, refusals, signature} = readable((await stage.deposits.findAll([id])).get(depositKeyOf(id))) ?? {};
  return {shares: [...(shares?.keys() ?? [])].sort(), refusals: [...(refusals?.keys() ?? [])].sort(), signature};
};
/** The signature that the whole key would make. */
const signatureOf = (stage: Stage, of = 0): string =>
  toHex((stage.dealt[of] as Dealt).dealt.secretKey.sign(depositRootOf(depositIdOf(stage, {of}))).toBytes());
const sharesOf = (stage: Stage, ...shareIndexes: number[]) =>
  shareIndexes.map((shareIndex) => aDepositShare(stage, {shareIndex}));

describe("good shares of a deposit", () => {
  it.each([
    [1, 2, 3],
    [2, 3, 4],
    [4, 1, 3],
  ])("make the signature that the validator's own key would: %i, %i and %i", async (...shareIndexes) => {
    const stage = await asked();
    const outcomes = [];
    for (const share of sharesOf(stage, ...shareIndexes)) outcomes.push(await deliverDeposit(stage, share));
    expect(outcomes).toEqual(["collecting", "collecting", "completed"]);
    expect(await held(stage)).toEqual({shares: [], refusals: [], signature: signatureOf(stage)});
    expect(await depositAnswer(stage)).toMatchObject({status: "completed", deposit, signature: signatureOf(stage)});
  });

  it("make the signatures of several deposits at once when they come together", async () => {
    const stage = await createStage();
    await ask(stage, {count: 2, deposit});
    const shares = [1, 2, 3, 4].flatMap((shareIndex) => [0, 1].map((of) => aDepositShare(stage, {of, shareIndex})));
    expect(await Promise.all(await deliverDeposits(stage, ...shares))).toEqual(shares.map(() => "completed"));
    expect([(await held(stage, 0)).signature, (await held(stage, 1)).signature]).toEqual(
      [0, 1].map((of) => signatureOf(stage, of)),
    );
  });

  it("change nothing when they come again, or late", async () => {
    const stage = await asked();
    await deliverDeposit(stage, aDepositShare(stage));
    expect(await deliverDeposit(stage, aDepositShare(stage))).toBe("held already");
    expect(await held(stage)).toMatchObject({shares: [1]});
    await deliverDeposits(stage, ...sharesOf(stage, 2, 3));
    expect(await deliverDeposit(stage, aDepositShare(stage, {shareIndex: 4}))).toBe("late");
  });

  it("make it once when half of them come to each of two aggregators", async () => {
    const stage = await createStage();
    for (let round = 0; round < 8; round++) {
      const amount = 32_000_000_000 + round;
      await ask(stage, {deposit: aDeposit({amount}), requestedAt: round + 1});
      const shares = [1, 2, 3, 4].map((shareIndex) => aDepositShare(stage, {shareIndex, deposit: aDeposit({amount})}));
      const all = await Promise.all([deliverDeposits(stage, ...shares.slice(0, 2)), deliverDeposits(stage, ...shares.slice(2))]);
      await Promise.all(all.flat());
      expect(await depositAnswer(stage, aDeposit({amount}))).toMatchObject({status: "completed"});
    }
  });

  it("are published as a signature to every operator who asked for it, and to nobody who asked for the exit alone", async () => {
    const stage = await asked();
    await ask(stage, {operatorId: "op-2", requestedAt: requestedAt + 1});
    await Promise.all(await deliverDeposits(stage, ...sharesOf(stage, 1, 2, 3)));
    expect([await depositAnswer(stage), await depositAnswer(stage, deposit, "op-2")]).toMatchObject([
      {status: "completed"},
      undefined,
    ]);
  });

  it("are collected only for the deposit that is asked for now, and dropped when that changes", async () => {
    const stage = await asked();
    await deliverDeposit(stage, aDepositShare(stage));
    await ask(stage, {deposit: other, requestedAt: requestedAt + 1});
    expect(await deliverDeposit(stage, aDepositShare(stage, {shareIndex: 2}))).toBe("superseded");
    const {signal} = new AbortController();
    await deliverDeposit(stage, aDepositShare(stage, {deposit: other}));
    await sweepShares(stage.aggregator, signal);
    expect(await stage.db.collection("deposits").distinct("amount")).toEqual([other.amount]);
  });

  it("recover the signature though somebody changed one of them in the database", async () => {
    const stage = await asked();
    for (const share of sharesOf(stage, 1, 2)) await deliverDeposit(stage, share);
    const forged = fromHex(aDepositShare(stage, {shareIndex: 2, deposit: other}).deposits[0]?.signature ?? "");
    await stage.db.collection("deposits").updateOne({}, {$set: {"shares.2": Buffer.from(forged)}});
    expect(await deliverDeposit(stage, aDepositShare(stage, {shareIndex: 3}))).toBe("collecting");
    expect(await held(stage)).toMatchObject({shares: [1, 3]});
    expect(await deliverDeposit(stage, aDepositShare(stage, {shareIndex: 4}))).toBe("completed");
  });

  it("make the signature although somebody broke the document of another deposit", async () => {
    const stage = await createStage();
    await ask(stage, {count: 2, deposit});
    await deliverDeposit(stage, aDepositShare(stage, {of: 1}));
    await stage.db.collection("deposits").updateOne({}, {$set: {shares: {1: "broken"}}});
    const broken = aDepositShare(stage, {of: 1, shareIndex: 2});
    const [bad, ...good] = await deliverDeposits(stage, broken, ...sharesOf(stage, 1, 2, 3));
    await expect(bad).rejects.toThrow();
    expect(await Promise.all(good)).toEqual(["completed", "completed", "completed"]);
  });
});

describe("a signature that was written and not published", () => {
  const {signal} = new AbortController();
  const written = async (): Promise<Stage> => {
    const stage = await asked();
    await stage.deposits.write([{id: depositIdOf(stage), clusterId: "c1", signature: signatureOf(stage)}], Date.now());
    return stage;
  };

  it("is published by the sweep, once whoever wrote it had a moment to do so", async () => {
    const stage = await written();
    await sweepUnpublished(stage.aggregator, Date.now(), signal);
    expect(await depositAnswer(stage)).toBeUndefined();
    await sweepUnpublished(stage.aggregator, Date.now() + 60_000, signal);
    expect(await depositAnswer(stage)).toMatchObject({status: "completed", signature: signatureOf(stage)});
    expect(await pagesOf(stage.deposits.findUnpublished(Date.now() + 60_000, 10))).toEqual([]);
  });

  it("is published by a share that comes again", async () => {
    const stage = await written();
    expect(await deliverDeposit(stage, aDepositShare(stage))).toBe("published again");
    expect(await deliverDeposit(stage, aDepositShare(stage))).toBe("late");
    expect(await depositAnswer(stage)).toMatchObject({status: "completed"});
  });
});

describe("refusals of a deposit, in a cluster that needs 3 of 4", () => {
  type Change = Partial<DepositRefusal["refusals"][number] & Omit<DepositRefusal, "refusals">>;
  const refuse = async (stage: Stage, shareIndex: number, change: Change = {}): Promise<string> => {
    const {cluster_id = "c1", share_index = shareIndex, ...refused} = change;
    const {publicKeyHex} = stage.dealt[0] as Dealt;
    const refusal = {...aRefusedDeposit(publicKeyHex), ...refused};
    const message: DepositRefusal = {network: "hoodi", cluster_id, share_index, refusals: [refusal]};
    return onlyOutcome(await handleRefusals(stage.aggregator, deliveryOf(depositRefusal as Message, message)));
  };

  it("reject it when there are two, and leave the exit alone", async () => {
    const stage = await asked();
    expect(await refuse(stage, 3)).toBe("refusal held");
    expect(await depositAnswer(stage)).toBeUndefined();
    expect(await refuse(stage, 1, {code: "CREDENTIALS_DIFFER"})).toBe("rejected");
    expect(await depositAnswer(stage)).toMatchObject({
      status: "rejected",
      code: "DEPOSIT_REFUSED",
      requested_at: requestedAt,
      reason: expect.stringMatching(/share 1 CREDENTIALS_DIFFER, share 3 VAULT_NOT_ALLOWED$/),
    });
    expect(await stage.db.collection("exits").countDocuments()).toBe(0);
  });

  it("reject it when they come all at once", async () => {
    const stage = await asked();
    const words = await Promise.all([1, 2, 3, 4].map((shareIndex) => refuse(stage, shareIndex)));
    expect(words).toContain("rejected");
    expect(await held(stage)).toMatchObject({refusals: [1, 2, 3, 4]});
  });

  it("count once for one sidecar, and not at all for an earlier request or a deposit that nobody asks for", async () => {
    const stage = await asked();
    const words = [];
    for (const change of [{}, {}, {requested_at: requestedAt - 1}, {deposit: other}]) words.push(await refuse(stage, 1, change));
    expect(words).toEqual(["refusal held", "refusal held", "stale", "stale"]);
    expect(await depositAnswer(stage)).toBeUndefined();
  });

  it("give way to a share of the same sidecar, and not the other way round", async () => {
    const stage = await asked();
    await refuse(stage, 1);
    await deliverDeposit(stage, aDepositShare(stage));
    expect(await held(stage)).toMatchObject({shares: [1], refusals: []});
    expect(await refuse(stage, 1)).toBe("signed before");
    await deliverDeposits(stage, ...sharesOf(stage, 2, 3));
    expect(await refuse(stage, 4)).toBe("late");
    expect(await depositAnswer(stage)).toMatchObject({status: "completed"});
  });

  it.each([
    {id: "an unknown cluster", change: {cluster_id: "c9"}, code: "CLUSTER_UNKNOWN"},
    {id: "an unknown share index", change: {share_index: 5}, code: "SHARE_INDEX_UNKNOWN"},
  ])("from $id are refused with $code", async ({change, code}) => {
    await expect(refuse(await asked(), 1, change)).rejects.toMatchObject({code});
  });

  it("for a key that nobody asked for are refused with EXIT_UNKNOWN", async () => {
    await expect(refuse(await createStage(), 1)).rejects.toMatchObject({code: "EXIT_UNKNOWN"});
  });
});

it("an aggregator takes shares and refusals of deposits off the bus", async () => {
  const stage = await createStage();
  await ask(stage, {count: 2, deposit, requestedAt});
  const shutdown = createShutdown({onError: () => {}});
  await startAggregator(stage.aggregator, shutdown);
  for (const shareIndex of [1, 2, 3]) {
    const bus = await stage.busOf(`sidecar-c1-${shareIndex}`);
    await publish(bus, depositShare, aDepositShare(stage, {shareIndex}));
    const refusals = [aRefusedDeposit((stage.dealt[1] as Dealt).publicKeyHex)];
    await publish(bus, depositRefusal, {network: "hoodi", cluster_id: "c1", share_index: shareIndex, refusals});
  }
  await expect.poll(() => depositAnswer(stage)).toMatchObject({status: "completed"});
  const refused = {...stage, dealt: stage.dealt.slice(1)};
  await expect.poll(() => depositAnswer(refused)).toMatchObject({code: "DEPOSIT_REFUSED"});
  await shutdown.stop();
});
