import {expect, it, onTestFinished} from "vitest";
import {DvtError} from "../../../src/errors.js";
import {consume} from "../../../src/messaging/consume.js";
import {handleBatch} from "../../../src/relayer/handleBatch.js";
import type {Relayer} from "../../../src/relayer/relayer.js";
import {sweepOpen} from "../../../src/relayer/sweepOpen.js";
import {exitRequestsIn, shownIn} from "../../support/exitRequests.js";
import {silent} from "../../support/servers.js";
import {signBatch} from "../../support/signBatch.js";
import {createStage, type Dealt, messagesIn, type Stage} from "../../support/stage.js";

const hourMs = 3_600_000;
const startMs = Date.now();
const {signal} = new AbortController();
const keyOf = ({dealt}: Stage): string => (dealt[0] as Dealt).publicKeyHex;
/** The relayer after so much time by the bus's clock. */
const after = ({relayer}: Stage, ms: number): Relayer => ({
  ...relayer,
  clock: {now: () => startMs + ms, isOwnRight: () => true},
});

const ask = async (relayer: Relayer, stage: Stage, {at = startMs, index = 1000} = {}): Promise<string> => {
  const validators = [{public_key: keyOf(stage), validator_index: index}];
  const unsigned = {batch_id: "b-1", network: "hoodi" as const, operator_id: "op-1", requested_at: at, validators};
  const data = new TextEncoder().encode(JSON.stringify(await signBatch(stage, unsigned)));
  return handleBatch(relayer, {subject: "dvt.v2.requests.hoodi.op-1", data, timestampMs: relayer.clock.now()});
};
const sweep = (relayer: Relayer): Promise<void> => sweepOpen(relayer, relayer.clock.now(), signal);
const keptS = async (stage: Stage, index = 1000): Promise<number> => {
  const held = (await exitRequestsIn(stage.bus)).findLast(({request}) =>
    shownIn(request).some(({validator_index}) => validator_index === index),
  );
  return Number.parseInt(held?.message.header.get("Nats-TTL") ?? "", 10);
};

it.each<{id: string; act: (stage: Stage) => Promise<unknown>; hours: number; index?: number}>([
  {id: "asked for the first time", act: (stage) => ask(after(stage, 0), stage), hours: 20},
  {
    id: "asked for again, and kept no shorter than before",
    act: async (stage) => {
      await ask(after(stage, 0), stage);
      await sweep(after(stage, 10 * hourMs));
      await ask(after(stage, 11 * hourMs), stage);
    },
    hours: 29,
  },
  {
    id: "reissued, even for longer than the stream's max_age",
    act: async (stage) => {
      await ask(after(stage, 0), stage);
      await sweep(after(stage, 10 * hourMs));
      await sweep(after(stage, 30 * hourMs));
    },
    hours: 50,
  },
  {
    id: "asked for again while it is overdue",
    act: async (stage) => {
      await ask(after(stage, 0), stage);
      await ask(after(stage, 100 * hourMs), stage);
    },
    hours: 10,
  },
  {
    id: "asked for at another index",
    act: async (stage) => {
      await ask(after(stage, 0), stage);
      await ask(after(stage, 5 * hourMs), stage, {at: startMs + 5 * hourMs, index: 2000});
    },
    hours: 20,
    index: 2000,
  },
  {
    id: "asked for again after it expired",
    act: async (stage) => {
      await ask(after(stage, 0), stage);
      await sweep(after(stage, 7 * 24 * hourMs));
      await ask(after(stage, 8 * 24 * hourMs), stage, {at: startMs + 8 * 24 * hourMs});
    },
    hours: 20,
  },
  {
    id: "reissued for the last time before it expires",
    act: async (stage) => {
      await ask(after(stage, 0), stage);
      await sweep(after(stage, 7 * 24 * hourMs - 1000));
    },
    hours: 10 + 1 / 3600,
  },
])("keeps a request until it is due again and REISSUE_AFTER longer: $id", async ({act, hours, index}) => {
  const stage = await createStage({reissueAfterMs: 10 * hourMs});
  await act(stage);
  expect(await keptS(stage, index)).toBe(Math.round(hours * 3600));
});

it("deletes a request that is not reissued, even for a sidecar that could not sign it", async () => {
  const stage = await createStage({reissueAfterMs: 100});
  const bus = await stage.busOf("sidecar-c1-1");
  const consumer = await consume(bus, {
    stream: "EXIT_REQUESTS",
    durable: "sidecar-c1-1",
    concurrency: 64,
    logger: silent,
    handle: async () => {
      throw new DvtError("CONSENSUS_UNAVAILABLE", "decide: no beacon node answers");
    },
  });
  onTestFinished(consumer.stop);
  const jsm = await stage.bus.connection.jetstreamManager();
  const ofSidecar = () => jsm.consumers.info("EXIT_REQUESTS", "sidecar-c1-1");
  await ask(stage.relayer, stage);
  await ask(stage.relayer, stage);
  await expect.poll(async () => (await ofSidecar()).delivered.stream_seq, {interval: 10}).toBe(2);
  await expect.poll(() => messagesIn(stage.bus, "EXIT_REQUESTS"), {interval: 50}).toBe(0);
  await expect.poll(ofSidecar, {interval: 50}).toMatchObject({num_pending: 0, num_ack_pending: 0, num_redelivered: 0});
});
