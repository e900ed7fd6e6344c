import {describe, expect, it} from "vitest";
import type {Message} from "../../../schemas/defineMessage.js";
import {type ExitRefusal, exitRefusal} from "../../../schemas/exitRefusal.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {handleRefusals} from "../../../src/aggregator/exits/handleRefusals.js";
import {startAggregator} from "../../../src/aggregator/startAggregator.js";
import {networks} from "../../../src/consensus/networks.js";
import {DvtError} from "../../../src/errors.js";
import type {EntryOutcome} from "../../../src/messaging/consume.js";
import {publish} from "../../../src/messaging/publish.js";
import {createShutdown} from "../../../src/runtime/shutdown.js";
import {deliver, deliveryOf, onlyOutcome} from "../../support/deliver.js";
import {aShare, ask, createStage, type Dealt, lastMessage, type Stage} from "../../support/stage.js";

const requestedAt = 1_800_000_000_000;
const codes = ["KEY_NOT_ALLOWED", "INDEX_LIMIT", "VALIDATOR_ACTIVE", "INDEX_OF_ANOTHER_KEY"];

type RefusedExit = ExitRefusal["refusals"][number];
type Change = Partial<RefusedExit & Omit<ExitRefusal, "refusals">>;

const aRefusedExit = (stage: Stage, shareIndex: number, of = 0): RefusedExit => ({
  public_key: (stage.dealt[of] as Dealt).publicKeyHex,
  validator_index: 1000 + of,
  requested_at: requestedAt,
  code: codes[shareIndex - 1] as string,
  reason: "its policy does not allow it",
});

const aRefusal = (stage: Stage, shareIndex: number, change: Change = {}): ExitRefusal => {
  const {cluster_id = "c1", share_index = shareIndex, ...refused} = change;
  return {network: "hoodi", cluster_id, share_index, refusals: [{...aRefusedExit(stage, shareIndex), ...refused}]};
};

const refuseAll = (stage: Stage, refusal: ExitRefusal, settled?: ReadonlySet<number>): Promise<EntryOutcome[]> =>
  handleRefusals(stage.aggregator, {...deliveryOf(exitRefusal as Message, refusal), ...(settled && {settled})});
const refuse = async (stage: Stage, shareIndex: number, change: Change = {}): Promise<string> =>
  onlyOutcome(await refuseAll(stage, aRefusal(stage, shareIndex, change)));
const sign = (stage: Stage, shareIndex: number): Promise<string> => {
  const share = aShare(stage, {shareIndex});
  return deliver(stage, share);
};

const answer = (stage: Stage, operatorId = "op-1"): Promise<unknown> => {
  const {publicKeyHex} = stage.dealt[0] as Dealt;
  return lastMessage(stage.bus, "COMPLETIONS", `dvt.v2.completions.hoodi.${operatorId}.${publicKeyHex}.1000`);
};
const held = async (stage: Stage) => {
  const exit = {network: networks.hoodi, publicKey: (stage.dealt[0] as Dealt).publicKeyHex, validatorIndex: 1000};
  const collected = await stage.exits.find(exit, stage.oracleSet.configHash);
  return {shares: [...(collected?.shares.keys() ?? [])].sort(), refusals: [...(collected?.refusals.keys() ?? [])].sort()};
};

describe("refusals of a cluster that needs 3 of 4", () => {
  it("reject the exit when there are two, for everybody who asked, with the code of each", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    await ask(stage, {requestedAt, operatorId: "op-2"});
    expect(await refuse(stage, 3)).toBe("refusal held");
    expect(await answer(stage)).toBeUndefined();
    expect(await refuse(stage, 1)).toBe("rejected");
    for (const operatorId of ["op-1", "op-2"]) {
      expect(await answer(stage, operatorId)).toMatchObject({
        status: "rejected",
        code: "EXIT_REFUSED",
        requested_at: requestedAt,
        reason: expect.stringMatching(/share 1 KEY_NOT_ALLOWED, share 3 VALIDATOR_ACTIVE$/),
      });
    }
  });

  it("reject nothing when one sidecar repeats its refusal", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    const outcomes = [];
    for (const code of ["INDEX_LIMIT", "INDEX_LIMIT", "KEY_NOT_ALLOWED"]) outcomes.push(await refuse(stage, 1, {code}));
    expect(outcomes).toEqual(["refusal held", "refusal held", "refusal held"]);
    expect(await answer(stage)).toBeUndefined();
  });

  it("reject the exit when they come all at once", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    const outcomes = await Promise.all([1, 2, 3, 4].map((shareIndex) => refuse(stage, shareIndex)));
    expect(outcomes).toContain("rejected");
    expect(await answer(stage)).toMatchObject({code: "EXIT_REFUSED"});
    expect(await held(stage)).toEqual({shares: [], refusals: [1, 2, 3, 4]});
  });

  it("do not stop three good shares from completing it, before or after the rejection", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    for (const shareIndex of [1, 2]) await refuse(stage, shareIndex);
    expect(await answer(stage)).toMatchObject({status: "rejected"});
    const outcomes = [];
    for (const shareIndex of [1, 3, 4]) outcomes.push(await sign(stage, shareIndex));
    expect(outcomes).toEqual(["collecting", "collecting", "completed"]);
    expect(await answer(stage)).toMatchObject({status: "completed"});
    expect(await held(stage)).toEqual({shares: [], refusals: []});
    expect(await refuse(stage, 2)).toBe("late");
    expect(await answer(stage)).toMatchObject({status: "completed"});
  });

  it("are cleared by a share of the same sidecar, and do not clear one", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    await refuse(stage, 1);
    await sign(stage, 1);
    expect(await held(stage)).toEqual({shares: [1], refusals: []});
    expect(await refuse(stage, 1)).toBe("signed before");
    expect(await refuse(stage, 2)).toBe("refusal held");
    expect(await held(stage)).toEqual({shares: [1], refusals: [2]});
    expect(await answer(stage)).toBeUndefined();
  });

  it("do not count after a new request, and do not come back", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    await refuse(stage, 1);
    await ask(stage, {requestedAt: requestedAt + 1});
    expect(await refuse(stage, 2)).toBe("stale");
    expect(await refuse(stage, 2, {requested_at: requestedAt + 1})).toBe("refusal held");
    expect(await refuse(stage, 1)).toBe("stale");
    expect(await answer(stage)).toBeUndefined();
    expect(await refuse(stage, 1, {requested_at: requestedAt + 1})).toBe("rejected");
    expect(await answer(stage)).toMatchObject({requested_at: requestedAt + 1});
  });

  it("count for the latest request of those who may ask, and not for somebody else's in the database", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    await ask(stage, {requestedAt: requestedAt + 1, operatorId: "op-2"});
    const ghost = {requested_at: requestedAt + 2, order_id: `0x${"ab".repeat(32)}`};
    await stage.db.collection("requests").updateOne({}, {$set: {requested_at: requestedAt + 2, "operators.ghost": ghost}});
    const outcomes = [];
    for (const later of [0, 2, 1]) outcomes.push(await refuse(stage, 1, {requested_at: requestedAt + later}));
    expect(outcomes).toEqual(["stale", "stale", "refusal held"]);
    expect(await refuse(stage, 2, {requested_at: requestedAt + 1})).toBe("rejected");
    expect(await answer(stage, "op-1")).toMatchObject({requested_at: requestedAt});
    expect(await answer(stage, "op-2")).toMatchObject({requested_at: requestedAt + 1});
  });

  it("do not count for an index that is not current, or for a request that is still to come", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    for (const change of [{validator_index: 1001}, {requested_at: requestedAt + 1}, {requested_at: 0}]) {
      expect(await refuse(stage, 1, change)).toBe("stale");
    }
    expect(await held(stage)).toEqual({shares: [], refusals: []});
  });

  it("never hide a result that was written while they came in", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    await refuse(stage, 1);
    await Promise.all([...[2, 3, 4, 1].map((shareIndex) => sign(stage, shareIndex)), refuse(stage, 2), refuse(stage, 3)]);
    // The last signer completes it, and the result is published last.
    expect(await answer(stage)).toMatchObject({status: "completed"});
  });
});

describe("a message of many refusals", () => {
  const aMessage = (stage: Stage, shareIndex: number, changes: readonly Partial<RefusedExit>[]): ExitRefusal => ({
    ...aRefusal(stage, shareIndex),
    refusals: changes.map((change, of) => ({...aRefusedExit(stage, shareIndex, of), ...change})),
  });
  const wordsOf = (outcomes: readonly EntryOutcome[]): string[] =>
    outcomes.map(({outcome}) => (outcome instanceof DvtError ? outcome.code : String(outcome)));

  it("has each of them taken, and names the exit of each", async () => {
    const stage = await createStage({validators: 12});
    await ask(stage, {count: 11, requestedAt});
    const [, foreign] = stage.closedDealt.map(({publicKeyHex}) => publicKeyHex);
    const changes = Array.from({length: 12}, (_, of) => ({
      ...(of === 3 && {requested_at: requestedAt - 1}),
      ...(of === 7 && {public_key: foreign as string}),
    }));
    const message = aMessage(stage, 1, changes);
    const outcomes = await refuseAll(stage, message);
    const expected = changes
      .map(() => "refusal held")
      .with(3, "stale")
      .with(7, "VALIDATOR_UNKNOWN")
      .with(11, "EXIT_UNKNOWN");
    expect(wordsOf(outcomes)).toEqual(expected);
    const exits = message.refusals.map(({public_key, validator_index}) => `hoodi:${public_key}:${validator_index}`);
    expect(outcomes.map(({exit}) => exit)).toEqual(exits);
  });

  it("has those taken that an earlier delivery did not settle", async () => {
    const stage = await createStage();
    await ask(stage, {count: 2, requestedAt});
    await refuseAll(stage, aMessage(stage, 1, [{}, {}]), new Set([0]));
    const ids = await stage.db.collection("exits").distinct("validator_index");
    expect(ids).toEqual([1001]);
  });
});

describe("a refusal that is no good", () => {
  it.each<{id: string; change: Change; code: string}>([
    {id: "from an unknown cluster", change: {cluster_id: "c9"}, code: "CLUSTER_UNKNOWN"},
    {id: "of another cluster's validator", change: {cluster_id: "c2"}, code: "VALIDATOR_UNKNOWN"},
    {id: "of share index n+1", change: {share_index: 5}, code: "SHARE_INDEX_UNKNOWN"},
    {id: "of share index 0", change: {share_index: 0}, code: "MESSAGE_MALFORMED"},
    {id: "with a reason that a terminal would act on", change: {reason: "\u001b[2J"}, code: "MESSAGE_MALFORMED"},
    {id: "with a code that is a path", change: {code: "$where.x" as never}, code: "MESSAGE_MALFORMED"},
  ])("is refused with $code: $id", async ({change, code}) => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    await expect(refuse(stage, 1, change)).rejects.toMatchObject({code});
    expect(await held(stage)).toEqual({shares: [], refusals: []});
  });

  it("is refused with EXIT_UNKNOWN: of an exit that nobody asked for", async () => {
    const stage = await createStage();
    await expect(refuse(stage, 1)).rejects.toMatchObject({code: "EXIT_UNKNOWN"});
  });

  it("is refused with SUBJECT_MISMATCH: on the subject of another node, or as a share", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    const refusal = aRefusal(stage, 1);
    for (const subject of [exitRefusal.subject(aRefusal(stage, 2)), "dvt.v2.exit_shares.hoodi.c1.1"]) {
      const taken = handleRefusals(stage.aggregator, deliveryOf(exitRefusal as Message, refusal, subject));
      await expect(taken).rejects.toMatchObject({code: "SUBJECT_MISMATCH"});
    }
  });
});

describe("the aggregator", () => {
  it("takes refusals and shares from its stream", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt});
    const shutdown = createShutdown({onError: () => {}});
    await startAggregator(stage.aggregator, shutdown);
    try {
      for (const shareIndex of [1, 2]) {
        await publish(await stage.busOf(`sidecar-c1-${shareIndex}`), exitRefusal, aRefusal(stage, shareIndex));
      }
      await expect.poll(() => answer(stage)).toMatchObject({status: "rejected"});
      for (const shareIndex of [1, 3, 4]) {
        await publish(await stage.busOf(`sidecar-c1-${shareIndex}`), exitShare, aShare(stage, {shareIndex}));
      }
      await expect.poll(() => answer(stage)).toMatchObject({status: "completed"});
    } finally {
      await shutdown.stop();
    }
  });
});
