import {describe, expect, it, onTestFinished} from "vitest";
import {exitBatch} from "../../schemas/exitBatch.js";
import {type ExitShare, exitShare} from "../../schemas/exitShare.js";
import {maxOrderSize} from "../../schemas/order.js";
import {startAggregator} from "../../src/aggregator/startAggregator.js";
import type {Bus} from "../../src/messaging/connect.js";
import {readDeadLetters} from "../../src/messaging/deadLetters.js";
import {encode} from "../../src/messaging/encode.js";
import {publish} from "../../src/messaging/publish.js";
import {signMessage} from "../../src/messaging/signature.js";
import {startRelayer} from "../../src/relayer/startRelayer.js";
import {toHex} from "../../src/runtime/hex.js";
import {createShutdown} from "../../src/runtime/shutdown.js";
import {aBatch} from "../support/aBatch.js";
import {connectRaw} from "../support/attacker.js";
import {aShare, ask, createStage, type Dealt, messagesIn, type Stage, sharesOf} from "../support/stage.js";
import {untilMessages} from "../support/until.js";

type Said = {data: Uint8Array; headers?: ReturnType<typeof signMessage>};
const flooded = "dvt.v2.exit_shares.hoodi.c1.4";
/** How many messages the stream takes on one subject. */
const quota = 1280;
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
    await flood(stage, "sidecar-c1-4", flooded, {data: new TextEncoder().encode("{}")}, quota + 100);
    // What is over its quota was not kept; what is within it waits before the others' shares.
    await expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(quota);
    for (const shareIndex of [1, 2, 3]) {
      await publish(await stage.busOf(`sidecar-c1-${shareIndex}`), exitShare, aShare(stage, {shareIndex}));
    }
    const {bus, read} = countRead(stage.aggregator.bus, flooded);
    const completed = untilMessages(stage.bus, "dvt.v2.completions.>", 1);
    const shutdown = createTestShutdown();
    await startAggregator({...stage.aggregator, bus}, shutdown);
    await completed;
    // Some of the flood waits still, and nobody waited for it.
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBeGreaterThan(0);
    await shutdown.stop();
    const settled = quota - (await messagesIn(stage.bus, "EXIT_SHARES"));
    const letters = (await readDeadLetters(stage.bus)).flatMap(({letter}) => (letter ? [letter] : []));
    const alone = letters.filter(({code}) => code === "SIGNATURE_INVALID");
    const together = letters.filter(({code}) => code === "SENDER_FLOODS");
    expect(alone.length).toBeLessThan(600);
    expect(read()).toBe(alone.length);
    expect(together.length).toBeLessThanOrEqual(2);
    expect(together.reduce((sum, {count = 0}) => sum + count, alone.length)).toBe(settled);
  });

  it.each<{id: string; spoil: (share: ExitShare) => Partial<ExitShare>}>([
    {
      id: "shares of unknown validators",
      spoil: ({exits}) => ({exits: exits.map((exit) => ({...exit, public_key: unknownKey}))}),
    },
    {
      id: "shares of exits that nobody asked for",
      spoil: ({exits}) => ({exits: exits.map((exit, position) => ({...exit, validator_index: 5000 + position}))}),
    },
    {id: "what this aggregator cannot open", spoil: () => ({encrypted_signatures: `0x${"cd".repeat(97 + 64 * 96)}`})},
    {id: "a good share, again and again", spoil: () => ({})},
  ])("does not keep others waiting with messages that are full of $id", async ({spoil}) => {
    const stage = await createStage();
    await ask(stage);
    const share = sharesOf(stage, new Array(maxOrderSize).fill(0), {shareIndex: 4});
    const {subject, data} = encode(exitShare, {...share, ...spoil(share)});
    const {identity} = await stage.busOf("sidecar-c1-4");
    await flood(stage, "sidecar-c1-4", subject, {data, headers: signMessage(identity, subject, data)}, quota);
    for (const shareIndex of [1, 2, 3]) {
      await publish(await stage.busOf(`sidecar-c1-${shareIndex}`), exitShare, aShare(stage, {shareIndex}));
    }
    const {bus, read} = countRead(stage.aggregator.bus, flooded);
    const completed = untilMessages(stage.bus, "dvt.v2.completions.>", 1);
    await startAggregator({...stage.aggregator, bus}, createTestShutdown());
    await completed;
    // It had its turn with the others, and as many entries as it may have at work at once.
    expect(read()).toBeLessThan(300);
  });
});

it("an operator that floods the relayer with batches of bad keys does not keep another's waiting", async () => {
  const stage = await createStage();
  const flooder = await stage.busOf("operator-op-2");
  const keys = Array.from({length: 1000}, (_, position) =>
    toHex(Uint8Array.of(position >> 8, position & 255, ...new Uint8Array(46))),
  );
  const {subject, data} = encode(exitBatch, aBatch(flooder.identity, {operatorId: "op-2", publicKeys: keys}));
  await flood(stage, "operator-op-2", subject, {data, headers: signMessage(flooder.identity, subject, data)}, 210);
  await expect.poll(() => messagesIn(stage.bus, "REQUESTS")).toBe(200);
  const {publicKeyHex} = stage.dealt[0] as Dealt;
  const operator = await stage.busOf("operator-op-1");
  await publish(operator, exitBatch, aBatch(operator.identity, {operatorId: "op-1", publicKeys: [publicKeyHex]}));

  const asked = untilMessages(stage.bus, "dvt.v2.exit_requests.>", 1);
  const {bus, read} = countRead(stage.relayer.bus, subject);
  await startRelayer({...stage.relayer, bus}, createTestShutdown());
  await asked;
  expect(read()).toBeLessThanOrEqual(20);
});
