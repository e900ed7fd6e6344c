import {describe, expect, it} from "vitest";
import {type ExitRefusal, exitRefusal} from "../../../schemas/exitRefusal.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {handleRefusal} from "../../../src/aggregator/exits/handleRefusal.js";
import {startAggregator} from "../../../src/aggregator/startAggregator.js";
import {networks} from "../../../src/consensus/networks.js";
import {publish} from "../../../src/messaging/publish.js";
import {createShutdown} from "../../../src/runtime/shutdown.js";
import {deliver} from "../../support/deliver.js";
import {aShare, ask, createStage, type Dealt, lastMessage, type Stage} from "../../support/stage.js";

const requestedAt = 1_800_000_000_000;
const codes = ["KEY_NOT_ALLOWED", "INDEX_LIMIT", "VALIDATOR_ACTIVE", "INDEX_OF_ANOTHER_KEY"];

const aRefusal = (stage: Stage, shareIndex: number, change: Partial<ExitRefusal> = {}): ExitRefusal => ({
  network: "hoodi",
  cluster_id: "c1",
  public_key: (stage.dealt[0] as Dealt).publicKeyHex,
  validator_index: 1000,
  share_index: shareIndex,
  requested_at: requestedAt,
  code: codes[shareIndex - 1] as string,
  reason: "its policy does not allow it",
  ...change,
});

const toDelivery = (subject: string, payload: object) => ({
  subject,
  data: new TextEncoder().encode(JSON.stringify(payload)),
  timestampMs: Date.now(),
});
const refuse = (stage: Stage, shareIndex: number, change: Partial<ExitRefusal> = {}): Promise<string> => {
  const refusal = aRefusal(stage, shareIndex, change);
  return handleRefusal(stage.aggregator, toDelivery(exitRefusal.subject(refusal), refusal));
};
const sign = (stage: Stage, shareIndex: number): Promise<string> => {
  const share = aShare(stage, {shareIndex});
  return deliver(stage, share);
};

const answer = (stage: Stage, operatorId = "op-1"): Promise<unknown> => {
  const {publicKeyHex} = stage.dealt[0] as Dealt;
  return lastMessage(stage.bus, "COMPLETIONS", `dvt.v1.completions.hoodi.${operatorId}.${publicKeyHex}.1000`);
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

describe("a refusal that is no good", () => {
  it.each<{id: string; change: Partial<ExitRefusal>; code: string}>([
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
    for (const subject of [exitRefusal.subject(aRefusal(stage, 2)), "dvt.v1.exit_shares.hoodi.c1.1"]) {
      const taken = handleRefusal(stage.aggregator, toDelivery(subject, refusal));
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
