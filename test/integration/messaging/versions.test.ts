import {Type} from "typebox";
import {expect, it} from "vitest";
import {defineMessage} from "../../../schemas/defineMessage.js";
import {ExitShare, exitShare} from "../../../schemas/exitShare.js";
import {TimestampMs} from "../../../schemas/fields.js";
import {consume} from "../../../src/messaging/consume.js";
import {readDeadLetters} from "../../../src/messaging/deadLetters.js";
import {decode} from "../../../src/messaging/decode.js";
import {publish} from "../../../src/messaging/publish.js";
import {silent} from "../../support/servers.js";
import {aShare, createStage} from "../../support/stage.js";

/** The message as a later version may have it, with a field more, which is optional. */
const newer = defineMessage({
  ...exitShare,
  schema: Type.Object({...ExitShare.properties, a_later_field: Type.Optional(TimestampMs)}, {additionalProperties: false}),
  subject: (payload) => exitShare.subject(payload),
});

it("shows the administrator each message with a new field that an older reader refused, and takes those without it", async () => {
  const stage = await createStage();
  const {bus} = stage.aggregator;
  const sidecar = await stage.busOf("sidecar-c1-1");
  const handled: number[] = [];
  const consumer = await consume(bus, {
    stream: "EXIT_SHARES",
    durable: "aggregator-hoodi-c1-1",
    concurrency: 1,
    handle: async ({subject, data}) => {
      handled.push(...decode(exitShare, subject, data).exits.map((exit) => exit.validator_index));
      return "done";
    },
    logger: silent,
  });

  await publish(sidecar, newer, {...aShare(stage, {validatorIndex: 1000}), a_later_field: Date.now()});
  await publish(sidecar, newer, aShare(stage, {validatorIndex: 1001}));
  await expect.poll(() => handled).toEqual([1001]);
  await consumer.stop();
  const letters = await readDeadLetters(stage.bus);
  expect(letters.map(({letter}) => letter)).toMatchObject([
    {stream: "EXIT_SHARES", code: "MESSAGE_MALFORMED", deliveries: 1, reason: expect.stringContaining("a_later_field")},
  ]);
});
