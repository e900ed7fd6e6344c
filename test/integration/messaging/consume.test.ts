import {describe, expect, it, onTestFinished} from "vitest";
import type {DeadLetter} from "../../../schemas/deadLetter.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {busNeeds} from "../../../src/cli/opening/needs.js";
import {DvtError, type ErrorCode} from "../../../src/errors.js";
import type {Bus} from "../../../src/messaging/connect.js";
import {type ConsumeOptions, consume, type EntryOutcome, type Handler} from "../../../src/messaging/consume.js";
import {readDeadLetters} from "../../../src/messaging/deadLetters.js";
import {deleteStreams} from "../../../src/messaging/presentStreams.js";
import {publish} from "../../../src/messaging/publish.js";
import {aMessageCount} from "../../support/aMessageCount.js";
import {silent} from "../../support/servers.js";
import {applyStreams, aShare, createStage, messagesIn, type Stage, storedMessage} from "../../support/stage.js";
import {untilMessages} from "../../support/until.js";

const consumeShares = async (bus: Bus, handle: Handler, options: Partial<ConsumeOptions> = {}) => {
  const all = {stream: "EXIT_SHARES", durable, concurrency: 8, handle, logger: silent, ...options} as const;
  const consumer = await consume(bus, all);
  onTestFinished(consumer.stop);
  return consumer;
};
const publishShare = async (stage: Stage, shareIndex = 1): Promise<void> =>
  publish(await stage.busOf(`sidecar-c1-${shareIndex}`), exitShare, aShare(stage, {shareIndex}));
const sayMany = async (stage: Stage, count: number): Promise<void> => {
  const bus = await stage.busOf("sidecar-c1-1");
  for (let written = 0; written < count; written++) await publish(bus, exitShare, aShare(stage));
};
const durable = "aggregator-hoodi-c1-1";
const deliveriesOf = async (stage: Stage): Promise<number> => {
  const jsm = await stage.bus.connection.jetstreamManager();
  return (await jsm.consumers.info("EXIT_SHARES", durable)).delivered.consumer_seq;
};
/** So many handlers meet before any goes on; each then stays for a round trip, in which one too many could come. */
const meeting = (stage: Stage, count: number) => {
  let busy = 0;
  let most = 0;
  let waiting: (() => void)[] = [];
  const meet = async (): Promise<void> => {
    most = Math.max(most, ++busy);
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length < count) return;
      for (const goOn of waiting) goOn();
      waiting = [];
    });
    await stage.bus.connection.flush();
    busy--;
  };
  return {meet, most: () => most};
};
const deadLetterOf = (stage: Stage): Promise<unknown> =>
  storedMessage(stage.bus, "DEAD_LETTERS", "dvt.v2.dead_letters.EXIT_SHARES.aggregator");

describe("a message", () => {
  it("is deleted from its queue once its handler is done", async () => {
    const stage = await createStage();
    await publishShare(stage);
    const acknowledged = untilMessages(stage.bus, "$JS.ACK.EXIT_SHARES.>", 1);
    await consumeShares(stage.aggregator.bus, async () => "done");
    await acknowledged;
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    expect(await messagesIn(stage.bus, "DEAD_LETTERS")).toBe(0);
  });

  it("that can never succeed is dead-lettered after one try, without its payload", async () => {
    const stage = await createStage();
    const share = aShare(stage);
    await publish(await stage.busOf("sidecar-c1-1"), exitShare, share);
    let tries = 0;
    const written = untilMessages(stage.bus, "dvt.v2.dead_letters.>", 1);
    const {counts, read} = aMessageCount();
    const handle = async (): Promise<string> => {
      tries++;
      throw new DvtError("SHARE_SIGNATURE_INVALID", "take a share: it is no good");
    };
    const consumer = await consumeShares(stage.aggregator.bus, handle, {counts});
    await written;
    await consumer.stop();
    expect(await read("refused")).toEqual([{labels: {stream: "EXIT_SHARES", code: "SHARE_SIGNATURE_INVALID"}, value: 1}]);
    expect([await read("handled"), await read("retried")]).toEqual([[], []]);
    const letter = await deadLetterOf(stage);
    expect(letter).toMatchObject({
      stream: "EXIT_SHARES",
      subject: "dvt.v2.exit_shares.hoodi.c1.1",
      code: "SHARE_SIGNATURE_INVALID",
      deliveries: 1,
      exit: `hoodi:${share.exits[0]?.public_key}:1000`,
    });
    expect(JSON.stringify(letter)).not.toContain(share.encrypted_signatures.slice(2, 60));
    expect(tries).toBe(1);
  });

  it("of a sender that was added a moment ago is handled after a reload", async () => {
    const stage = await createStage();
    const {bus} = stage.aggregator;
    const {clusters, ...others} = stage.participants;
    bus.trust({...others, clusters: []});
    await publishShare(stage);
    const acknowledged = untilMessages(stage.bus, "$JS.ACK.EXIT_SHARES.>", 1);
    const reload = async (): Promise<void> => bus.trust(stage.participants);
    await consumeShares(bus, async () => "done", {reload});
    await acknowledged;
    expect(await messagesIn(stage.bus, "DEAD_LETTERS")).toBe(0);
  });

  it.each<{id: string; code: ErrorCode; reloads: number}>([
    {id: "of an unknown validator", code: "VALIDATOR_UNKNOWN", reloads: 1},
    {id: "that no reload can heal", code: "SHARE_SIGNATURE_INVALID", reloads: 0},
  ])("$id is dead-lettered after $reloads reloads", async ({code, reloads}) => {
    const stage = await createStage();
    await publishShare(stage);
    let reloaded = 0;
    const written = untilMessages(stage.bus, "dvt.v2.dead_letters.>", 1);
    const fail = async (): Promise<string> => {
      throw new DvtError(code, "take a share: it is invalid");
    };
    const reload = async (): Promise<void> => {
      reloaded++;
    };
    await consumeShares(stage.aggregator.bus, fail, {reload});
    await written;
    expect(await deadLetterOf(stage)).toMatchObject({code, deliveries: 1});
    expect(reloaded).toBe(reloads);
  });

  it("is retried while NATS or MongoDB is unavailable, and never dead-lettered for that", async () => {
    const stage = await createStage();
    await publishShare(stage);
    let tries = 0;
    const acknowledged = untilMessages(stage.bus, "$JS.ACK.EXIT_SHARES.>", 4);
    const {counts, read} = aMessageCount();
    const handle = async (): Promise<string> => {
      if (++tries < 4) throw new DvtError("STORE_UNAVAILABLE", "reach mongodb: it is unavailable");
      return "done";
    };
    const consumer = await consumeShares(stage.aggregator.bus, handle, {counts});
    await acknowledged;
    await consumer.stop();
    expect(tries).toBe(4);
    expect(await read("retried")).toEqual([{labels: {stream: "EXIT_SHARES", code: "STORE_UNAVAILABLE"}, value: 3}]);
    expect(await read("handled")).toEqual([{labels: {stream: "EXIT_SHARES", outcome: "done"}, value: 1}]);
    expect(await read("refused")).toEqual([]);
    expect(await messagesIn(stage.bus, "DEAD_LETTERS")).toBe(0);
  });

  it("whose handler has a bug is dead-lettered as INTERNAL after five tries", async () => {
    const stage = await createStage();
    await publishShare(stage);
    const written = untilMessages(stage.bus, "dvt.v2.dead_letters.>", 1);
    await consumeShares(stage.aggregator.bus, async () => {
      throw new TypeError("undefined is not a function");
    });
    await written;
    expect(await deadLetterOf(stage)).toMatchObject({code: "INTERNAL", deliveries: 5});
  });

  it("is finished before the consumer stops", async () => {
    const stage = await createStage();
    await publishShare(stage);
    const order: string[] = [];
    let entered = (): void => {};
    const inHand = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const consumer = await consumeShares(stage.aggregator.bus, async () => {
      entered();
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push("handled");
      return "done";
    });
    await inHand;
    await consumer.stop();
    order.push("stopped");
    expect(order).toEqual(["handled", "stopped"]);
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
  });

  it("that takes longer than the ack wait is not delivered to another process meanwhile", async () => {
    const stage = await createStage({ackWaitMs: 1000});
    await publishShare(stage);
    let deliveries = 0;
    // It is prolonged twice within each ack wait: five times are longer than two ack waits.
    const atWork = untilMessages(stage.bus, `$JS.ACK.EXIT_SHARES.${durable}.>`, 5);
    const acknowledged = untilMessages(stage.bus, `$JS.ACK.EXIT_SHARES.${durable}.>`, 6);
    await consumeShares(stage.aggregator.bus, async () => {
      deliveries++;
      await atWork;
      return "done";
    });
    await acknowledged;
    expect(deliveries).toBe(1);
  });

  it("that waits longer than the ack wait for a handler is delivered once", async () => {
    const stage = await createStage({ackWaitMs: 1000});
    await sayMany(stage, 12);
    let handled = 0;
    // Four are being handled and four are next; each is prolonged twice within each ack wait.
    const longWaited = untilMessages(stage.bus, `$JS.ACK.EXIT_SHARES.${durable}.>`, 8 * 5);
    const handle = async (): Promise<string> => {
      handled++;
      await longWaited;
      return "done";
    };
    await consumeShares(stage.aggregator.bus, handle, {concurrency: 4});
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    expect(handled).toBe(12);
    expect(await deliveriesOf(stage)).toBe(12);
  });

  it("that is redelivered while its first delivery is being handled is handled once", async () => {
    const stage = await createStage({ackWaitMs: 1000});
    await publishShare(stage);
    let handled = 0;
    const delivered = new Promise<string>((resolve) => {
      stage.bus.connection.subscribe(`$JS.ACK.EXIT_SHARES.${durable}.>`, {max: 1, callback: (_, {subject}) => resolve(subject)});
    });
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await consumeShares(stage.aggregator.bus, async () => {
      handled++;
      await released;
      return "done";
    });
    // As the server does by itself if a process was suspended for longer than the ack wait.
    stage.bus.connection.publish(await delivered, "-NAK");
    await expect.poll(() => deliveriesOf(stage)).toBeGreaterThan(1);
    release();
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    expect(handled).toBe(1);
  });
});

describe("a message that carries many", () => {
  const deadLettersIn = async (stage: Stage): Promise<DeadLetter[]> =>
    (await readDeadLetters(stage.bus)).flatMap(({letter}) => (letter ? [letter] : []));
  const bad = (exit: string): EntryOutcome => ({exit, outcome: new DvtError("SHARE_SIGNATURE_INVALID", "take a share: bad")});
  const later: EntryOutcome = {outcome: new DvtError("STORE_UNAVAILABLE", "reach mongodb: it is unavailable")};
  const exitKey = (index: number): string => `hoodi:0x${"ab".repeat(48)}:${index}`;

  it("keeps its good entries, and has a dead letter for each bad one", async () => {
    const stage = await createStage();
    await publishShare(stage);
    const {counts, read} = aMessageCount();
    const handle: Handler = async () => [{outcome: "completed"}, bad(exitKey(1)), {outcome: "completed"}, bad(exitKey(3))];
    const written = untilMessages(stage.bus, "dvt.v2.dead_letters.>", 2);
    const consumer = await consumeShares(stage.aggregator.bus, handle, {counts});
    await written;
    await consumer.stop();
    expect((await deadLettersIn(stage)).map(({exit}) => exit).sort()).toEqual([exitKey(1), exitKey(3)]);
    expect(await read("handled")).toEqual([{labels: {stream: "EXIT_SHARES", outcome: "completed"}, value: 2}]);
    expect(await read("refused")).toEqual([{labels: {stream: "EXIT_SHARES", code: "SHARE_SIGNATURE_INVALID"}, value: 2}]);
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
  });

  it("is settled when all its entries are: only those that are left are handled again", async () => {
    const stage = await createStage();
    await publishShare(stage);
    const {counts, read} = aMessageCount();
    const asked: number[][] = [];
    const handle: Handler = async ({settled}) => {
      asked.push([...(settled ?? [])]);
      if (asked.length === 1) return [{outcome: "completed"}, bad(exitKey(1)), later];
      if (asked.length === 2) throw later.outcome;
      return [{outcome: "again"}, {outcome: "again"}, {outcome: "completed"}];
    };
    const consumer = await consumeShares(stage.aggregator.bus, handle, {counts});
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    await consumer.stop();
    expect(asked).toEqual([[], [0, 1], [0, 1]]);
    expect(await deadLettersIn(stage)).toHaveLength(1);
    expect(await read("handled")).toEqual([{labels: {stream: "EXIT_SHARES", outcome: "completed"}, value: 2}]);
    expect(await read("retried")).toEqual([{labels: {stream: "EXIT_SHARES", code: "STORE_UNAVAILABLE"}, value: 2}]);
  });

  it("is not given up for a bug that shows once, however often another entry was retried before", async () => {
    const stage = await createStage();
    await publishShare(stage);
    let deliveries = 0;
    const handle: Handler = async () => {
      deliveries++;
      if (deliveries < 5) return [{outcome: later.outcome}, {outcome: later.outcome}];
      return [{outcome: "completed"}, {outcome: deliveries === 5 ? new TypeError("undefined is not a function") : "completed"}];
    };
    await consumeShares(stage.aggregator.bus, handle);
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    expect(deliveries).toBe(6);
    expect(await messagesIn(stage.bus, "DEAD_LETTERS")).toBe(0);
  });

  it("is handled once more after a reload, as far as its entries were unknown", async () => {
    const stage = await createStage();
    await publishShare(stage);
    const asked: number[][] = [];
    const unknown: EntryOutcome = {outcome: new DvtError("VALIDATOR_UNKNOWN", "take a share: no such validator")};
    const handle: Handler = async ({settled}) => {
      asked.push([...(settled ?? [])]);
      return asked.length === 1 ? [{outcome: "completed"}, unknown] : [{outcome: "again"}, {outcome: "completed"}];
    };
    await consumeShares(stage.aggregator.bus, handle, {reload: async () => {}});
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    expect(asked).toEqual([[], [0]]);
    expect(await messagesIn(stage.bus, "DEAD_LETTERS")).toBe(0);
  });

  it("weighs as much as its entries: no more of them are handled at once than the concurrency", async () => {
    const stage = await createStage();
    await sayMany(stage, 6);
    const {meet, most} = meeting(stage, 2);
    const handle: Handler = async () => {
      await meet();
      return [{outcome: "completed"}];
    };
    await consumeShares(stage.aggregator.bus, handle, {concurrency: 8, weigh: () => 3});
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    expect(most()).toBe(2);
  });

  it("costs its sender's allowance an entry for each bad one", async () => {
    const stage = await createStage();
    await sayMany(stage, 4);
    const {counts, read} = aMessageCount();
    const handle: Handler = async () => [bad(exitKey(1)), bad(exitKey(2)), bad(exitKey(3))];
    const consumer = await consumeShares(stage.aggregator.bus, handle, {
      counts,
      deadLetters: {burst: 6, perSecond: 1e-6},
      weigh: () => 3,
    });
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    await consumer.stop();
    expect(await read("refused")).toEqual([
      {labels: {stream: "EXIT_SHARES", code: "SHARE_SIGNATURE_INVALID"}, value: 6},
      {labels: {stream: "EXIT_SHARES", code: "SENDER_FLOODS"}, value: 2},
    ]);
  });
});

describe("a consumer", () => {
  it("handles several messages at once, and no more than its concurrency", async () => {
    const stage = await createStage();
    await sayMany(stage, 12);
    const {meet, most} = meeting(stage, 3);
    const handle = async () => {
      await meet();
      return "done";
    };
    await consumeShares(stage.aggregator.bus, handle, {concurrency: 3});
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    expect(most()).toBe(3);
  });

  it("continues when its stream was recreated, and says meanwhile that its consumer is silent", async () => {
    const stage = await createStage();
    const seen: string[] = [];
    let notify = (): void => {};
    await consumeShares(stage.aggregator.bus, async ({subject}) => {
      seen.push(subject);
      notify();
      return "done";
    });
    const isMet = () => Promise.all(busNeeds(stage.aggregator.bus).map((need) => need.isMet()));
    expect(await isMet()).toEqual([true, true, true]);
    await deleteStreams(stage.bus);
    await expect.poll(isMet).toEqual([true, false, true]);
    await applyStreams(stage.bus, stage.participants);
    const came = new Promise<void>((resolve) => {
      notify = resolve;
    });
    await publishShare(stage);
    await came;
    expect(seen).toEqual(["dvt.v2.exit_shares.hoodi.c1.1"]);
    expect(await isMet()).toEqual([true, true, true]);
  });

  it("fails with STREAMS_MISSING if nobody created it", async () => {
    const stage = await createStage();
    await deleteStreams(stage.bus);
    await expect(consumeShares(stage.aggregator.bus, async () => "done")).rejects.toMatchObject({code: "STREAMS_MISSING"});
  });
});

describe("a sender whose messages are invalid", () => {
  const refuse: Handler = async () => {
    throw new DvtError("SHARE_SIGNATURE_INVALID", "take a share: it is no good");
  };
  const lettersOf = async (stage: Stage): Promise<DeadLetter[]> =>
    (await readDeadLetters(stage.bus)).flatMap(({letter}) => (letter ? [letter] : []));

  it("has a dead letter for each up to its allowance, and one for all others with their count", async () => {
    const stage = await createStage();
    await sayMany(stage, 40);
    const {counts, read} = aMessageCount();
    const options = {deadLetters: {burst: 10, perSecond: 1e-6}, counts};
    const consumer = await consumeShares(stage.aggregator.bus, refuse, options);
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    await consumer.stop();
    expect(await read("refused")).toEqual([
      {labels: {stream: "EXIT_SHARES", code: "SHARE_SIGNATURE_INVALID"}, value: 10},
      {labels: {stream: "EXIT_SHARES", code: "SENDER_FLOODS"}, value: 30},
    ]);
    const letters = await lettersOf(stage);
    expect(letters.filter(({code}) => code === "SHARE_SIGNATURE_INVALID")).toHaveLength(10);
    const others = letters.filter(({code}) => code === "SENDER_FLOODS");
    expect(others.reduce((sum, {count = 0}) => sum + count, 0)).toBe(30);
    // The first at once, the second when the consumer stopped.
    expect(others.length).toBeLessThanOrEqual(2);
  });

  it("pays nothing for what it only passes on, which has a dead letter for each up to the same allowance, and one for the others", async () => {
    const stage = await createStage();
    await sayMany(stage, 40);
    const {counts, read} = aMessageCount();
    let reloads = 0;
    const handle: Handler = async () => {
      throw new DvtError("ORDER_INVALID", "check an order: its operator did not sign this");
    };
    const consumer = await consumeShares(stage.aggregator.bus, handle, {
      deadLetters: {burst: 10, perSecond: 1e-6},
      passedOn: ["ORDER_INVALID"],
      concurrency: 1,
      reload: async () => void reloads++,
      counts,
    });
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    await consumer.stop();
    expect(await read("refused")).toEqual([{labels: {stream: "EXIT_SHARES", code: "ORDER_INVALID"}, value: 40}]);
    const letters = await lettersOf(stage);
    expect(new Set(letters.map(({code}) => code))).toEqual(new Set(["ORDER_INVALID"]));
    const counted = letters.flatMap(({count}) => count ?? []);
    expect([letters.length - counted.length, counted.reduce((sum, count) => sum + count, 0)]).toEqual([10, 30]);
    expect(counted.length).toBeLessThanOrEqual(2);
    expect(reloads).toBe(10);
  });

  it("is read again once its allowance has grown", async () => {
    const stage = await createStage();
    await sayMany(stage, 3);
    let isMended = false;
    const handled = untilHandled();
    const handle: Handler = async (delivery) => {
      if (!isMended) return refuse(delivery);
      handled.count();
      return "done";
    };
    await consumeShares(stage.aggregator.bus, handle, {deadLetters: {burst: 1, perSecond: 20}});
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    isMended = true;
    await publishShare(stage);
    await handled.once;
  });
});

function untilHandled() {
  let count = (): void => {};
  const once = new Promise<void>((resolve) => {
    count = resolve;
  });
  return {once, count: () => count()};
}

describe("publishing", () => {
  it("fails with QUOTA_FULL if too many messages are waiting on the subject, and other subjects still take theirs", async () => {
    const stage = await createStage();
    const jsm = await stage.bus.connection.jetstreamManager();
    const {config} = await jsm.streams.info("EXIT_SHARES");
    await jsm.streams.update("EXIT_SHARES", {...config, max_msgs_per_subject: 2});
    await publishShare(stage);
    await publishShare(stage);
    await expect(publishShare(stage)).rejects.toMatchObject({code: "QUOTA_FULL"});
    await publishShare(stage, 2);
  });

  it("fails with BUS_UNAVAILABLE if there is no stream", async () => {
    const stage = await createStage();
    await deleteStreams(stage.bus);
    await expect(publishShare(stage)).rejects.toMatchObject({code: "BUS_UNAVAILABLE"});
  });
});
