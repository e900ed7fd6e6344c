import {describe, expect, it, onTestFinished} from "vitest";
import type {ExitShare} from "../../../schemas/exitShare.js";
import {addSignatures, negateSignature, type Signature, writeOwn} from "../../../src/bls/curve.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {encrypt} from "../../../src/ecies/ecies.js";
import type {DvtError} from "../../../src/errors.js";
import type {ExitResult} from "../../../src/exits/completion.js";
import {toHex} from "../../../src/runtime/hex.js";
import {connectStore} from "../../../src/store/connect.js";
import {type Change, createExits, type Exits} from "../../../src/store/exits.js";
import {deliver, deliverAll, toDelivery} from "../../support/deliver.js";
import {aSecretKey} from "../../support/examples/keys.js";
import {createTestDatabase, silent} from "../../support/servers.js";
import {applyStreams, aShare, ask, createStage, type Dealt, lastMessage, type Stage} from "../../support/stage.js";
import {startTestLink} from "../../support/startTestLink.js";

const network = networks.hoodi;

/** A stage with this many validators. */
const stageOf = (validators: number): Promise<Stage> => createStage({validators});

/** The same stage, with a changed aggregator. */
const withAggregator = (stage: Stage, change: Partial<Stage["aggregator"]>): Stage => ({
  ...stage,
  aggregator: {...stage.aggregator, ...change},
});

/** Validator `of` gets the index 1000 + `of`, as `ask` has it. */
const exitOf = ({dealt}: Stage, of = 0) => ({
  network,
  publicKey: (dealt[of] as Dealt).publicKeyHex,
  validatorIndex: 1000 + of,
});
const find = (stage: Stage, of = 0) => stage.exits.find(exitOf(stage, of), stage.oracleSet.configHash);
const shareOf = (stage: Stage, of: number, shareIndex: number): ExitShare =>
  aShare(stage, {of, shareIndex, validatorIndex: 1000 + of});

/** The outcome of each share: a word, or the code of its refusal. */
async function outcomesOf(stage: Stage, shares: readonly ExitShare[]): Promise<string[]> {
  const outcomes = await deliverAll(
    stage,
    shares.map((share) => toDelivery(share)),
  );
  return Promise.all(outcomes.map((outcome) => outcome.catch(({code}: {code: string}) => code)));
}

const completionOf = (stage: Stage, of = 0): Promise<unknown> => {
  const {publicKey, validatorIndex} = exitOf(stage, of);
  return lastMessage(stage.bus, "COMPLETIONS", `dvt.v2.completions.hoodi.op-1.${publicKey}.${validatorIndex}`);
};

async function expectPublished(stage: Stage, of = 0): Promise<void> {
  const collected = await find(stage, of);
  expect(collected).toMatchObject({published: true});
  expect(collected?.shares.size).toBe(0);
  const {public_keys, encrypted_exit_signatures} = (collected as {result: ExitResult}).result;
  expect(await completionOf(stage, of)).toMatchObject({oracles_exit_signature_shares: {public_keys, encrypted_exit_signatures}});
}

const spoiled = (stage: Stage, share: ExitShare, signature: Signature): ExitShare => ({
  ...share,
  encrypted_signatures: toHex(encrypt(stage.aggregatorKey, signature.toBytes())),
});

const signatureOf = ({dealt}: Stage, of: number, shareIndex: number): Signature => {
  const secretKey = (dealt[of] as Dealt).dealt.secretShares[shareIndex - 1];
  if (!secretKey) throw new Error(`no share ${shareIndex}`);
  return secretKey.sign(voluntaryExitSigningRoot(network, 1000 + of));
};

/** A signature of nobody's key. */
const aPoint = aSecretKey("a point").sign(new Uint8Array(32));
/** A share that does not verify: the good one plus another point. */
const badShare = (stage: Stage, of: number, shareIndex: number, more = aPoint): ExitShare =>
  spoiled(stage, shareOf(stage, of, shareIndex), addSignatures(signatureOf(stage, of, shareIndex), more));

/** Records what is written, in order; the store still writes it. */
function recordWrites(exits: Exits): {exits: Exits; changes: Change[]} {
  const changes: Change[] = [];
  const write: Exits["write"] = (some, ...rest) => {
    changes.push(...some);
    return exits.write(some, ...rest);
  };
  return {exits: {...exits, write}, changes};
}

const completed = (count: number): string[] => Array<string>(count).fill("completed");

describe("shares that come together", () => {
  it("complete their exits, and nothing but the results is ever written", async () => {
    const stage = await stageOf(11);
    await ask(stage, {count: 11});
    const {exits, changes} = recordWrites(stage.exits);
    const recorded = withAggregator(stage, {exits});
    const shares = [1, 2, 3, 4].flatMap((shareIndex) => stage.dealt.map((_, of) => shareOf(stage, of, shareIndex)));
    expect(await outcomesOf(recorded, shares)).toEqual(completed(44));
    expect(changes).toHaveLength(11);
    expect(changes.every((change) => "result" in change)).toBe(true);
    for (const of of stage.dealt.keys()) await expectPublished(stage, of);
  });

  it("are stored where they are too few, and counted with those that come later", async () => {
    const stage = await stageOf(3);
    await ask(stage, {count: 3});
    const of = (validator: number, ...shareIndexes: number[]) => shareIndexes.map((it) => shareOf(stage, validator, it));
    expect(await outcomesOf(stage, [...of(0, 1, 2), ...of(1, 4), ...of(2, 1, 3, 4)])).toEqual([
      ...["collecting", "collecting", "collecting"],
      ...completed(3),
    ]);
    expect([...((await find(stage, 0))?.shares.keys() ?? [])]).toEqual([1, 2]);
    expect(await outcomesOf(stage, [...of(0, 4), ...of(1, 2), ...of(2, 2)])).toEqual(["completed", "collecting", "late"]);
    expect(await outcomesOf(stage, of(1, 3))).toEqual(completed(1));
    for (const validator of [0, 1, 2]) await expectPublished(stage, validator);
  });

  it("are refused one by one where they are bad, and the others of their exit complete it", async () => {
    const stage = await stageOf(4);
    await ask(stage, {count: 4});
    const outcomes = await outcomesOf(stage, [
      ...[shareOf(stage, 0, 1), badShare(stage, 0, 2), shareOf(stage, 0, 3), shareOf(stage, 0, 4)],
      ...[shareOf(stage, 1, 1), shareOf(stage, 1, 2), shareOf(stage, 1, 3)],
      ...[badShare(stage, 2, 1), badShare(stage, 2, 2, negateSignature(aPoint)), shareOf(stage, 2, 3), shareOf(stage, 2, 4)],
      ...[badShare(stage, 3, 4)],
    ]);
    const bad = "SHARE_SIGNATURE_INVALID";
    expect(outcomes).toEqual([
      ...["completed", bad, "completed", "completed"],
      ...completed(3),
      ...[bad, bad, "collecting", "collecting"],
      ...[bad],
    ]);
    for (const of of [0, 1]) await expectPublished(stage, of);
    expect([...((await find(stage, 2))?.shares.keys() ?? [])]).toEqual([3, 4]);
    expect(await find(stage, 3)).toBeUndefined();
    // Their places are free.
    expect(await outcomesOf(stage, [shareOf(stage, 2, 2)])).toEqual(completed(1));
  });

  it("are both refused when they are bad and cancel out in their sum", async () => {
    const stage = await createStage();
    await ask(stage);
    const bad = [badShare(stage, 0, 1), badShare(stage, 0, 2, negateSignature(aPoint))];
    expect(await outcomesOf(stage, [...bad, shareOf(stage, 0, 3)])).toEqual([
      "SHARE_SIGNATURE_INVALID",
      "SHARE_SIGNATURE_INVALID",
      "collecting",
    ]);
    expect([...((await find(stage))?.shares.keys() ?? [])]).toEqual([3]);
    expect(await outcomesOf(stage, [shareOf(stage, 0, 1), shareOf(stage, 0, 4)])).toEqual(completed(2));
  });

  it("make the right exit when they are bad and cancel out in what they recover, for there is no other", async () => {
    const stage = await createStage();
    await ask(stage);
    // Lagrange at 0 over {1, 2, 3}: 3·s(1) - 3·s(2) + s(3).
    const bad = [badShare(stage, 0, 1), badShare(stage, 0, 2)];
    expect(await outcomesOf(stage, [...bad, shareOf(stage, 0, 3)])).toEqual(completed(3));
    await expectPublished(stage);
  });

  it("are both refused when they are bad and cancel out over two exits", async () => {
    const stage = await createStage();
    await ask(stage, {count: 2});
    const bad = [badShare(stage, 0, 1), badShare(stage, 1, 1, negateSignature(aPoint))];
    expect(await outcomesOf(stage, bad)).toEqual(["SHARE_SIGNATURE_INVALID", "SHARE_SIGNATURE_INVALID"]);
    expect([await find(stage, 0), await find(stage, 1)]).toEqual([undefined, undefined]);
  });

  it.each([
    {id: "the bad one first", good: 1, bad: 0},
    {id: "the good one first", good: 0, bad: 1},
  ])("may be two of one index: $id", async ({good, bad}) => {
    const stage = await stageOf(2);
    await ask(stage, {count: 2});
    const two = (of: number): ExitShare[] => [shareOf(stage, of, 1)].toSpliced(bad, 0, badShare(stage, of, 1));
    // In an exit that they complete, and in one that they do not.
    const outcomes = await outcomesOf(stage, [...two(0), shareOf(stage, 0, 2), shareOf(stage, 0, 3), ...two(1)]);
    expect([outcomes[good], outcomes[2], outcomes[3], outcomes[4 + good]]).toEqual([...completed(3), "collecting"]);
    if (bad < good) expect([outcomes[bad], outcomes[4 + bad]]).toEqual(Array(2).fill("SHARE_SIGNATURE_INVALID"));
    await expectPublished(stage, 0);
    // The good one is stored: the exit recovers with it.
    expect((await find(stage, 1))?.shares.size).toBe(1);
    expect(await outcomesOf(stage, [shareOf(stage, 1, 2), shareOf(stage, 1, 3)])).toEqual(completed(2));
  });

  it("may be many bad ones of one index, which do not stop the good ones from completing the exit", async () => {
    const stage = await createStage();
    await ask(stage);
    const bad = Array.from({length: 20}, () => badShare(stage, 0, 2));
    const good = [1, 2, 3].map((shareIndex) => shareOf(stage, 0, shareIndex));
    expect(await outcomesOf(stage, [...bad, ...good])).toEqual([...bad.map(() => "SHARE_SIGNATURE_INVALID"), ...completed(3)]);
  });

  it("may be the same twice, which counts once", async () => {
    const stage = await stageOf(2);
    await ask(stage, {count: 2});
    const [one, two] = [shareOf(stage, 0, 1), shareOf(stage, 0, 2)];
    expect(await outcomesOf(stage, [one, one, two, two])).toEqual(Array(4).fill("collecting"));
    expect((await find(stage))?.shares.size).toBe(2);
    const again = shareOf(stage, 0, 3);
    expect(await outcomesOf(stage, [one, again, again])).toEqual(completed(3));
    await expectPublished(stage);
  });

  it("each get the outcome of their own exit", async () => {
    const stage = await stageOf(6);
    await ask(stage, {count: 5, requestedAt: 1});
    const [unknown, superseded, expired, complete, open] = [5, 1, 2, 3, 4] as const;
    const moved = exitOf(stage, superseded);
    const orderId = `0x${"ab".repeat(32)}`;
    await stage.requests.claim(
      [{exit: {...moved, validatorIndex: 2000}, clusterId: "c1", operatorId: "op-1", requestedAt: 2, orderId}],
      Date.now(),
      600_000,
    );
    await stage.requests.markExpired(exitOf(stage, expired));
    await outcomesOf(
      stage,
      [1, 2, 3].map((shareIndex) => shareOf(stage, complete, shareIndex)),
    );
    const kinds = [unknown, superseded, expired, complete, open];
    const shares = [4, 1, 2].flatMap((shareIndex) => kinds.map((of) => shareOf(stage, of, shareIndex)));
    const each = ["EXIT_UNKNOWN", "superseded", "expired", "late", "completed"];
    expect(await outcomesOf(stage, [...shares, badShare(stage, expired, 3)])).toEqual([...each, ...each, ...each, "expired"]);
    expect(await Promise.all([unknown, superseded, expired].map((of) => find(stage, of)))).toEqual(Array(3).fill(undefined));
    await expectPublished(stage, complete);
    await expectPublished(stage, open);
  });
});

describe("an exit that cannot be worked on", () => {
  it("does not stop the others of its batch: a document that somebody broke", async () => {
    const stage = await stageOf(3);
    await ask(stage, {count: 3});
    const {
      network: {name},
      publicKey,
      validatorIndex,
    } = exitOf(stage, 1);
    const _id = `${name}:${publicKey}:${validatorIndex}`;
    await stage.db.collection<{_id: string; shares: unknown}>("exits").insertOne({_id, shares: {1: "not what was stored"}});
    const shares = [1, 2, 3].flatMap((shareIndex) => stage.dealt.map((_, of) => shareOf(stage, of, shareIndex)));
    const outcomes = await deliverAll(
      stage,
      shares.map((share) => toDelivery(share)),
    );
    const words = await Promise.all(outcomes.map((outcome) => outcome.catch(({code}: DvtError) => code)));
    expect(words.filter((word) => word === "completed")).toHaveLength(6);
    expect(words.filter((word) => word === "STORED_INVALID")).toHaveLength(3);
    for (const of of [0, 2]) await expectPublished(stage, of);
    // Once it is mended, its shares come again.
    await stage.db.collection<{_id: string}>("exits").deleteOne({_id});
    expect(
      await outcomesOf(
        stage,
        [1, 2, 3].map((it) => shareOf(stage, 1, it)),
      ),
    ).toEqual(completed(3));
  });

  it("does not stop the others of its batch: one that could not be split", async () => {
    const stage = await stageOf(3);
    await ask(stage, {count: 3});
    const {split} = stage.aggregator;
    const broken = writeOwn((stage.dealt[1] as Dealt).dealt.secretKey.toPublicKey());
    const failing = withAggregator(stage, {
      split: (exit, oracleSet) =>
        Buffer.from(exit.publicKey).equals(broken) ? Promise.reject(new Error("the thread ended")) : split(exit, oracleSet),
    });
    const shares = [0, 1, 2].flatMap((of) => [1, 2, 3].map((shareIndex) => shareOf(stage, of, shareIndex)));
    const outcomes = await deliverAll(
      failing,
      shares.map((share) => toDelivery(share)),
    );
    const words = await Promise.all(outcomes.map((outcome) => outcome.catch(({message}: Error) => message)));
    expect(words).toEqual([...completed(3), ...Array(3).fill("the thread ended"), ...completed(3)]);
    expect(
      await outcomesOf(
        stage,
        [1, 2, 3].map((it) => shareOf(stage, 1, it)),
      ),
    ).toEqual(completed(3));
  });
});

it("half of the shares at one aggregator and half at another complete every exit, once", async () => {
  const stage = await stageOf(24);
  await ask(stage, {count: 24});
  const other = withAggregator(stage, {bus: await stage.busOf("aggregator"), completing: new Map()});
  // Many rounds, since milliseconds decide which of them sees what.
  for (let first = 0; first < 24; first += 4) {
    const round = [0, 1, 2, 3].map((position) => first + position);
    const sharesOf = (...shareIndexes: number[]) =>
      round.flatMap((of) => shareIndexes.map((shareIndex) => shareOf(stage, of, shareIndex)));
    const [here, there] = await Promise.all([outcomesOf(stage, sharesOf(1, 2)), outcomesOf(other, sharesOf(3, 4))]);
    for (const [position, of] of round.entries()) {
      const [left, right] = [here, there].map((outcomes) => outcomes.slice(2 * position, 2 * position + 2));
      expect([left, right].filter((outcomes) => outcomes?.includes("completed"))).toHaveLength(1);
      await expectPublished(stage, of);
    }
  }
});

describe("when MongoDB becomes unavailable", () => {
  /**
   * Does as the bus does: shares that cannot be taken now come again. Work that was under way may still fail once MongoDB is
   * available again.
   */
  const untilTaken = async (stage: Stage, shares: readonly ExitShare[]): Promise<string[]> => {
    for (;;) {
      const outcomes = await outcomesOf(stage, shares).catch(({code}: DvtError) => [code as string]);
      if (!outcomes.includes("STORE_UNAVAILABLE")) return outcomes;
    }
  };
  /** An aggregator that reaches the database through a link, and wraps each of its writes in `around`. */
  const behindLink = async (around: (write: () => ReturnType<Exits["write"]>, cut: () => void) => ReturnType<Exits["write"]>) => {
    const stage = await stageOf(2);
    const {url, db} = await createTestDatabase();
    const {hostname, port} = new URL(url);
    const link = await startTestLink(Number(port));
    const [direct, store] = await Promise.all(
      [url, url.replace(`${hostname}:${port}`, `127.0.0.1:${link.port}`)].map((it) => connectStore(it, silent)),
    );
    if (!direct || !store) throw new Error("no database");
    for (const {close} of [direct, store]) onTestFinished(close);
    const exits = createExits(store.db, network, silent);
    const write: Exits["write"] = (...args) => around(() => exits.write(...args), link.cut);
    const gated = withAggregator(stage, {exits: {...exits, write}});
    return {stage: {...stage, db, exits: createExits(direct.db, network, silent)}, gated, link, exits};
  };

  it.each<{id: string; around: Parameters<typeof behindLink>[0]}>([
    {
      id: "before the results are written",
      around: (write, cut) => {
        cut();
        return write();
      },
    },
    {
      id: "after shares were stored, before they are looked up again",
      around: async (write, cut) => {
        const tooLate = await write();
        cut();
        return tooLate;
      },
    },
  ])("all are tried again, and nothing is lost: $id", async ({around}) => {
    const {stage, gated, link, exits} = await behindLink(around);
    await ask(stage, {count: 2});
    // One exit that can be completed and one that cannot, a bad share among them.
    const shares = [1, 2, 3].map((it) => shareOf(stage, 0, it)).concat(shareOf(stage, 1, 1), badShare(stage, 1, 2));
    await expect(outcomesOf(gated, shares)).rejects.toMatchObject({code: "STORE_UNAVAILABLE"});
    link.open();
    const back = withAggregator(stage, {exits});
    const outcomes = await untilTaken(back, shares);
    expect(outcomes.slice(3)).toEqual(["collecting", "SHARE_SIGNATURE_INVALID"]);
    expect(new Set(outcomes.slice(0, 3)).size).toBe(1);
    expect(["completed", "late", "published again"]).toContain(outcomes[0]);
    await expectPublished(stage, 0);
    expect([...((await find(stage, 1))?.shares.keys() ?? [])]).toEqual([1]);
  });
});

describe("when the results cannot be published", () => {
  const withoutCompletions = async (): Promise<Stage> => {
    const stage = await stageOf(2);
    await ask(stage, {count: 2});
    await (await stage.bus.connection.jetstreamManager()).streams.delete("COMPLETIONS");
    return stage;
  };
  const sharesOf = (stage: Stage, ...shareIndexes: number[]): ExitShare[] =>
    [0, 1].flatMap((of) => shareIndexes.map((shareIndex) => shareOf(stage, of, shareIndex)));

  it("they stay as they were written, and shares that come again get them published", async () => {
    const stage = await withoutCompletions();
    const shares = sharesOf(stage, 1, 2, 3);
    expect(await outcomesOf(stage, shares)).toEqual(Array(6).fill("BUS_UNAVAILABLE"));
    const before = [await find(stage, 0), await find(stage, 1)];
    expect(before).toMatchObject(Array(2).fill({result: expect.anything(), published: false}));
    await applyStreams(stage.bus, stage.participants);
    expect(await outcomesOf(stage, shares)).toEqual(Array(6).fill("published again"));
    expect([await find(stage, 0), await find(stage, 1)]).toEqual(before.map((it) => ({...it, published: true})));
    for (const of of [0, 1]) await expectPublished(stage, of);
    expect(await outcomesOf(stage, shares)).toEqual(Array(6).fill("late"));
  });

  it("a share that comes meanwhile is tried again too", async () => {
    const stage = await withoutCompletions();
    const first = await deliverAll(
      stage,
      sharesOf(stage, 1, 2, 3).map((share) => toDelivery(share)),
    );
    await expect(deliver(stage, shareOf(stage, 0, 4))).rejects.toMatchObject({code: "BUS_UNAVAILABLE"});
    expect((await Promise.allSettled(first)).every(({status}) => status === "rejected")).toBe(true);
    await applyStreams(stage.bus, stage.participants);
    expect(await deliver(stage, shareOf(stage, 0, 4))).toBe("published again");
    await expectPublished(stage);
  });
});

it("a result is published once, though shares of its exit come while it is being published", async () => {
  const stage = await createStage();
  await ask(stage);
  const first = await deliverAll(
    stage,
    [1, 2, 3].map((shareIndex) => toDelivery(shareOf(stage, 0, shareIndex))),
  );
  expect(await deliver(stage, shareOf(stage, 0, 4))).toBe("late");
  expect(await Promise.all(first)).toEqual(completed(3));
  const {state} = await (await stage.bus.connection.jetstreamManager()).streams.info("COMPLETIONS");
  expect(state.last_seq).toBe(1);
});
