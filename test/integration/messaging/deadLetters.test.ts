import {describe, expect, it} from "vitest";
import {deadLetter} from "../../../schemas/deadLetter.js";
import {deleteDeadLetters, readDeadLetters} from "../../../src/messaging/deadLetters.js";
import {publish} from "../../../src/messaging/publish.js";
import {createStage, messagesIn, type Stage} from "../../support/stage.js";

const write = (stage: Stage, code: string): Promise<void> =>
  publish(stage.aggregator.bus, deadLetter, {
    stream: "EXIT_SHARES",
    subject: "dvt.v2.exit_shares.hoodi.c1.1",
    participant: "aggregator",
    code,
    reason: "no",
    deliveries: 1,
    payload_sha256: `0x${"00".repeat(32)}`,
  });

const consumersOf = async ({bus}: Stage): Promise<number> =>
  (await (await bus.connection.jetstreamManager()).streams.info("DEAD_LETTERS")).state.consumer_count;

describe("dead letters", () => {
  it("are read in order, any number of times, and no consumer is left behind", async () => {
    const stage = await createStage();
    expect(await readDeadLetters(stage.bus)).toEqual([]);
    const codes = Array.from({length: 1203}, (_, i) => (i % 2 === 0 ? "EXIT_UNKNOWN" : "SHARE_UNDECRYPTABLE"));
    for (const code of codes) await write(stage, code);
    for (const _ of [1, 2]) {
      const letters = await readDeadLetters(stage.bus);
      expect(letters.map(({letter}) => letter?.code)).toEqual(codes);
      expect(letters.map(({seq}) => seq)).toEqual(codes.map((_, i) => i + 1));
    }
    expect(await consumersOf(stage)).toBe(0);
  });

  it("are deleted one by one, and deleting one twice is no error", async () => {
    const stage = await createStage();
    for (const code of ["A", "B", "C"]) await write(stage, code);
    await deleteDeadLetters(stage.bus, [2]);
    await deleteDeadLetters(stage.bus, [1, 2, 99]);
    expect((await readDeadLetters(stage.bus)).map(({seq, letter}) => [seq, letter?.code])).toEqual([[3, "C"]]);
  });

  it("are listed even if they cannot be read", async () => {
    const stage = await createStage();
    const subject = "dvt.v2.dead_letters.EXIT_SHARES.aggregator";
    await stage.bus.js.publish(subject, "no dead letter");
    expect(await readDeadLetters(stage.bus)).toMatchObject([{seq: 1, subject, letter: undefined}]);
  });

  it("fail with STREAMS_MISSING if there is no stream", async () => {
    const stage = await createStage();
    await (await stage.bus.connection.jetstreamManager()).streams.delete("DEAD_LETTERS");
    await expect(readDeadLetters(stage.bus)).rejects.toMatchObject({code: "STREAMS_MISSING"});
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
  });
});
