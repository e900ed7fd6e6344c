import {describe, expect, it, onTestFinished} from "vitest";
import {exitBatch} from "../../schemas/exitBatch.js";
import {exitShare} from "../../schemas/exitShare.js";
import {startAggregator} from "../../src/aggregator/startAggregator.js";
import type {Bus} from "../../src/messaging/connect.js";
import {readDeadLetters} from "../../src/messaging/deadLetters.js";
import {encode} from "../../src/messaging/encode.js";
import {publish} from "../../src/messaging/publish.js";
import {signMessage} from "../../src/messaging/signature.js";
import {startRelayer} from "../../src/relayer/startRelayer.js";
import {toHex} from "../../src/runtime/hex.js";
import {createShutdown} from "../../src/runtime/shutdown.js";
import {connectRaw} from "../support/attacker.js";
import {aShare, ask, createStage, type Dealt, messagesIn, type Stage} from "../support/stage.js";
import {untilMessages} from "../support/until.js";

type Said = {data: Uint8Array; headers?: ReturnType<typeof signMessage>};
const flooded = "dvt.v1.exit_shares.hoodi.c1.4";
const unknownKey = `0x${"ab".repeat(48)}`;

/** Says the same again and again, as fast as the bus takes it. */
async function flood(stage: Stage, participant: string, subject: string, {data, headers}: Said, count: number): Promise<void> {
  const connection = await connectRaw(stage.nats.url, stage.seedFile(participant), `_INBOX_${participant}`);
  for (let sent = 0; sent < count; sent++) {
    connection.publish(subject, data, headers && {headers});
    if (sent % 500 === 0) await connection.flush();
  }
  await connection.flush();
}

/** How many messages on the subject have had their signature checked: the first thing that is done with one. */
function countRead(bus: Bus, subject: string): {bus: Bus; read: () => number} {
  let read = 0;
  const publishers = (on: string): readonly string[] => {
    if (on === subject) read++;
    return bus.publishers(on);
  };
  return {bus: {...bus, publishers}, read: () => read};
}

function createTestShutdown() {
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  return shutdown;
}

describe("a sidecar that floods the bus", () => {
  it("fills its own quota, is dropped unread with one letter that counts, and the others finish an exit meanwhile", async () => {
    const stage = await createStage();
    await ask(stage);
    await flood(stage, "sidecar-c1-4", flooded, {data: new TextEncoder().encode("{}")}, 21_000);
    // What is over its quota was not kept; what is within it waits before the others' shares.
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(20_000);
    for (const shareIndex of [1, 2, 3]) {
      await publish(await stage.busOf(`sidecar-c1-${shareIndex}`), exitShare, aShare(stage, {shareIndex}));
    }
    const {bus, read} = countRead(stage.aggregator.bus, flooded);
    const completed = untilMessages(stage.bus, "dvt.v1.completions.>", 1);
    const shutdown = createTestShutdown();
    await startAggregator({...stage.aggregator, bus}, shutdown);
    await completed;
    // Most of the flood waits still, and nobody waited for it.
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBeGreaterThan(10_000);
    await shutdown.stop();
    const settled = 20_000 - (await messagesIn(stage.bus, "EXIT_SHARES"));
    const letters = (await readDeadLetters(stage.bus)).flatMap(({letter}) => (letter ? [letter] : []));
    const alone = letters.filter(({code}) => code === "SIGNATURE_INVALID");
    const together = letters.filter(({code}) => code === "SENDER_FLOODS");
    expect(alone.length).toBeLessThan(600);
    expect(read()).toBe(alone.length);
    expect(together.length).toBeLessThanOrEqual(2);
    expect(together.reduce((sum, {count = 0}) => sum + count, alone.length)).toBe(settled);
  });

  it.each([
    {id: "shares of an unknown validator", of: {public_key: unknownKey}},
    {id: "shares of an exit that nobody asked for", of: {validator_index: 5}},
    {id: "what this aggregator cannot open", of: {encrypted_signature: `0x${"cd".repeat(177)}`}},
    {id: "a good share, again and again", of: {}},
  ])("does not keep others waiting with $id", async ({of}) => {
    const stage = await createStage();
    await ask(stage);
    const share = {...aShare(stage, {shareIndex: 4}), ...of};
    const {subject, data} = encode(exitShare, share);
    const {identity} = await stage.busOf("sidecar-c1-4");
    await flood(stage, "sidecar-c1-4", subject, {data, headers: signMessage(identity, subject, data)}, 5000);
    for (const shareIndex of [1, 2, 3]) {
      await publish(await stage.busOf(`sidecar-c1-${shareIndex}`), exitShare, aShare(stage, {shareIndex}));
    }
    const {bus, read} = countRead(stage.aggregator.bus, flooded);
    const completed = untilMessages(stage.bus, "dvt.v1.completions.>", 1);
    await startAggregator({...stage.aggregator, bus}, createTestShutdown());
    await completed;
    // It had its turn with the others, and as much as it may have at work at once.
    expect(read()).toBeLessThan(2500);
  });
});

it("an operator that floods the relayer with batches of bad keys does not keep another's waiting", async () => {
  const stage = await createStage();
  const flooder = await stage.busOf("operator-op-2");
  const validators = Array.from({length: 1000}, (_, position) => ({
    public_key: `0x${toHex(Uint8Array.of(position >> 8, position & 255)).slice(2)}${"00".repeat(46)}`,
    validator_index: position,
  }));
  const bad = {network: "hoodi", operator_id: "op-2", requested_at: Date.now(), batch_id: "b", validators} as const;
  const {subject, data} = encode(exitBatch, bad);
  await flood(stage, "operator-op-2", subject, {data, headers: signMessage(flooder.identity, subject, data)}, 210);
  expect(await messagesIn(stage.bus, "REQUESTS")).toBe(200);
  const {publicKeyHex} = stage.dealt[0] as Dealt;
  const good = {...bad, operator_id: "op-1", validators: [{public_key: publicKeyHex, validator_index: 1}]};
  await publish(await stage.busOf("operator-op-1"), exitBatch, good);

  const asked = untilMessages(stage.bus, "dvt.v1.exit_requests.>", 1);
  const {bus, read} = countRead(stage.relayer.bus, subject);
  await startRelayer({...stage.relayer, bus}, createTestShutdown());
  await asked;
  expect(read()).toBeLessThanOrEqual(20);
});
