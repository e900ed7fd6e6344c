import {Events} from "nats";
import {describe, expect, it} from "vitest";
import {exitBatch} from "../../schemas/exitBatch.js";
import {deleteStreams} from "../../src/messaging/presentStreams.js";
import {publish} from "../../src/messaging/publish.js";
import {aBatch} from "../support/aBatch.js";
import {clusterId, createSystem, operatorId, type System} from "../support/system.js";
import {untilLines, untilMessages, untilShares} from "../support/until.js";

describe("a batch of exits completes once, with one result each", () => {
  it("when nats-server is killed and started again in the middle", async () => {
    const system = await createSystem({validators: 20});
    await Promise.all([system.aggregator(), system.relayer(), system.sidecars(0, 1, 2, 3)]);
    const operator = system.request();
    await untilMessages(system.bus, "dvt.v2.completions.>", 2);
    await restartNats(system);
    await system.expectCompleted(operator);
  });

  it("when all streams are deleted in the middle and applied again", async () => {
    const system = await createSystem({validators: 20});
    await Promise.all([system.aggregator(), system.relayer(), system.sidecars(0, 1)]);
    const operator = system.request();
    await untilShares(system.bus, "dvt.v2.exit_shares.>", 10);
    await deleteStreams(system.bus);
    await system.applyStreams();
    // A completion from before the deletion would be gone from its stream: nothing is complete until now.
    await system.sidecars(2);
    await system.expectCompleted(operator);
  });

  it("when the batch is lost for good: the operator sends it again", async () => {
    const system = await createSystem();
    await Promise.all([system.aggregator(), system.sidecars(0, 1, 2)]);
    const sent = untilMessages(system.bus, "dvt.v2.requests.>", 1);
    const operator = system.request();
    await sent;
    const jsm = await system.bus.connection.jetstreamManager();
    const purged = await purgeWhenStored(jsm, "REQUESTS", 1);
    expect(purged).toBe(1);
    await system.relayer();
    await system.expectCompleted(operator);
  });

  it("when shares are lost for good: the relayer asks for them again", async () => {
    const system = await createSystem();
    await Promise.all([system.relayer({REISSUE_AFTER: "6s"}), system.sidecars(0, 1, 2)]);
    const signed = untilShares(system.bus, `dvt.v2.exit_shares.hoodi.${clusterId}.>`, 15);
    const operator = await system.busOf(`operator-${operatorId}`);
    await publish(operator, exitBatch, aBatch(operator.identity, {operatorId, publicKeys: system.publicKeys}));
    await signed;
    const jsm = await system.bus.connection.jetstreamManager();
    expect(await purgeWhenStored(jsm, "EXIT_SHARES", 3)).toBeGreaterThanOrEqual(3);
    // Nobody asks again but the relayer.
    const completed = untilMessages(system.bus, "dvt.v2.completions.>", 5);
    await system.aggregator();
    await completed;
    await system.expectCompleted(system.request());
  });

  it("when NATS is away as it starts to wait: the roles connect again by themselves", async () => {
    const system = await createSystem();
    const [aggregator, relayer, sidecars] = await Promise.all([system.aggregator(), system.relayer(), system.sidecars(0, 1, 2)]);
    const connected = /nats is available again/;
    const again = Promise.all([
      untilLines(aggregator, connected, 1),
      untilLines(relayer, connected, 1),
      untilLines(sidecars, connected, 3),
    ]);
    await restartNats(system);
    await again;
    await system.expectCompleted(system.request());
  });
});

/** Back when our own connection is too: a question to JetStream meanwhile would get no answer. */
async function restartNats({nats, bus}: Pick<System, "nats" | "bus">): Promise<void> {
  const reconnected = (async () => {
    for await (const {type} of bus.connection.status()) if (type === Events.Reconnect) return;
  })();
  await nats.restart();
  await reconnected;
}

type Manager = Awaited<ReturnType<Awaited<ReturnType<typeof createSystem>>["bus"]["connection"]["jetstreamManager"]>>;

/** A message is on the wire a moment before the stream has stored it. */
async function purgeWhenStored(jsm: Manager, stream: string, count: number): Promise<number> {
  for (;;) {
    const {state} = await jsm.streams.info(stream);
    if (state.messages >= count) return (await jsm.streams.purge(stream)).purged;
  }
}
