import {headers} from "nats";
import {describe, expect, it, onTestFinished} from "vitest";
import type {DeadLetter} from "../../schemas/deadLetter.js";
import {exitBatch} from "../../schemas/exitBatch.js";
import {exitShare} from "../../schemas/exitShare.js";
import {startAggregator} from "../../src/aggregator/startAggregator.js";
import type {Bus} from "../../src/messaging/connect.js";
import {readDeadLetters} from "../../src/messaging/deadLetters.js";
import {publish} from "../../src/messaging/publish.js";
import {signMessage} from "../../src/messaging/signature.js";
import {startRelayer} from "../../src/relayer/startRelayer.js";
import {createShutdown} from "../../src/runtime/shutdown.js";
import {aBatch} from "../support/aBatch.js";
import {aShare, ask, createStage, type Dealt, messagesIn, type Stage, storedMessage} from "../support/stage.js";
import {untilMessages} from "../support/until.js";

const shutdownWithTest = () => {
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  return shutdown;
};

/** Says these very bytes, signed as an honest message would be: the accounts let it through, the signature holds. */
async function say(bus: Bus, subject: string, data: Uint8Array): Promise<void> {
  await bus.js.publish(subject, data, {headers: signMessage(bus.identity, subject, data), timeout: 3000});
}

type Trick = {id: string; text: (share: string) => string | Uint8Array; code: DeadLetter["code"]};

/** Before the last brace, so that it is what a lenient reader keeps. */
const withField = (json: string, field: string): string => json.replace(/\}$/, `,${field}}`);
const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);

const tricks: Trick[] = [
  {id: "nothing at all", text: () => "", code: "MESSAGE_MALFORMED"},
  {id: "what is no JSON", text: () => "share", code: "MESSAGE_MALFORMED"},
  {id: "JSON cut short", text: (share) => share.slice(0, -5), code: "MESSAGE_MALFORMED"},
  {id: "JSON with more behind it", text: (share) => `${share}${share.slice(0, 20)}`, code: "MESSAGE_MALFORMED"},
  {id: "bytes that are no UTF-8", text: () => Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d), code: "MESSAGE_MALFORMED"},
  {id: "UTF-16", text: (share) => Buffer.from(share.slice(0, 500), "utf16le"), code: "MESSAGE_MALFORMED"},
  {id: "a field __proto__", text: (share) => withField(share, '"__proto__":{"polluted":true}'), code: "MESSAGE_MALFORMED"},
  {
    id: "constructor.prototype",
    text: (share) => withField(share, '"constructor":{"prototype":{"polluted":true}}'),
    code: "MESSAGE_MALFORMED",
  },
  {id: "a field toJSON", text: (share) => withField(share, '"toJSON":"x"'), code: "MESSAGE_MALFORMED"},
  {
    id: "an operator of MongoDB",
    text: (share) => share.replace(/"public_key":"[^"]*"/, '"public_key":{"$gt":""}'),
    code: "MESSAGE_MALFORMED",
  },
  {id: "lists 1,500 deep", text: () => nested("[", "]", 1500), code: "MESSAGE_MALFORMED"},
  {id: "objects 600 deep", text: () => nested('{"a":', "}", 600).replace("}", "1}"), code: "MESSAGE_MALFORMED"},
  {
    id: "a field said twice, first another's index",
    text: (share) => share.replace("{", '{"share_index":1,'),
    code: "SHARE_SIGNATURE_INVALID",
  },
  {
    id: "a field said twice, last another's index",
    text: (share) => withField(share, '"share_index":1'),
    code: "SUBJECT_MISMATCH",
  },
  {id: "a lone surrogate in an id", text: (share) => share.replace('"c1"', '"\\ud800"'), code: "MESSAGE_MALFORMED"},
  {id: "a lone surrogate as a field's name", text: (share) => withField(share, '"\\udfff":1'), code: "MESSAGE_MALFORMED"},
  {
    id: "1e400 for an index",
    text: (share) => share.replace(/"validator_index":\d+/, '"validator_index":1e400'),
    code: "MESSAGE_MALFORMED",
  },
  {
    id: "-0 for a share index",
    text: (share) => share.replace(/"share_index":\d+/, '"share_index":-0'),
    code: "MESSAGE_MALFORMED",
  },
  {
    id: "an index past 2^53",
    text: (share) => share.replace(/"validator_index":\d+/, '"validator_index":9007199254740993'),
    code: "MESSAGE_MALFORMED",
  },
  {
    id: "65 exits",
    text: (share) => {
      const {exits, ...rest} = JSON.parse(share);
      return JSON.stringify({...rest, exits: Array.from({length: 65}, () => exits[0])});
    },
    code: "MESSAGE_MALFORMED",
  },
  {id: "no exits", text: (share) => share.replace(/"exits":\[[^\]]*\]/, '"exits":[]'), code: "MESSAGE_MALFORMED"},
  {id: "more than a message of shares may have", text: (share) => share + " ".repeat(28 * 1024), code: "MESSAGE_MALFORMED"},
  {id: "a wildcard for a cluster", text: (share) => share.replace('"c1"', '">"'), code: "MESSAGE_MALFORMED"},
  {
    id: "a terminal's escape sequences",
    text: (share) => withField(share, '"\\u001b[2J\\u001b]0;owned\\u0007":1'),
    code: "MESSAGE_MALFORMED",
  },
];

const encode = (text: string | Uint8Array): Uint8Array => (typeof text === "string" ? new TextEncoder().encode(text) : text);
const keyOf = (stage: Stage): string => (stage.dealt[0] as Dealt).publicKeyHex;

it("a sidecar that plays every trick of JSON gets one dead letter for each, and the others finish the exit", async () => {
  const stage = await createStage();
  await ask(stage);
  await startAggregator(stage.aggregator, shutdownWithTest());
  // Its own signature, but of another exit: nothing of it would count even if it were read.
  const other = aShare(stage, {shareIndex: 4, validatorIndex: 7});
  const share = {...other, exits: other.exits.map((exit) => ({...exit, validator_index: 1000}))};
  const subject = exitShare.subject(share);
  const settled = untilMessages(stage.bus, "dvt.v2.dead_letters.EXIT_SHARES.aggregator", tricks.length);
  const bus = await stage.busOf("sidecar-c1-4");
  for (const {text} of tricks) await say(bus, subject, encode(text(JSON.stringify(share))));
  await settled;
  await expect.poll(() => messagesIn(stage.bus, "DEAD_LETTERS")).toBe(tricks.length);

  const letters = await readDeadLetters(stage.bus);
  const codes = letters.map(({letter}) => letter?.code);
  expect(codes.sort()).toEqual(tricks.map(({code}) => code).sort());
  for (const {letter} of letters) {
    expect(letter).toMatchObject({deliveries: 1, subject});
    expect(letter?.reason).toMatch(/^[\x20-\x7e]{1,1024}$/);
  }
  expect(({} as {polluted?: unknown}).polluted).toBeUndefined();

  const completed = untilMessages(stage.bus, "dvt.v2.completions.>", 1);
  for (const shareIndex of [1, 2, 3]) {
    await publish(await stage.busOf(`sidecar-c1-${shareIndex}`), exitShare, aShare(stage, {shareIndex}));
  }
  await completed;
  expect(await storedMessage(stage.bus, "COMPLETIONS", `dvt.v2.completions.hoodi.op-1.${keyOf(stage)}.1000`)).toMatchObject({
    status: "completed",
  });
});

describe("what is too long", () => {
  it.each([
    {
      id: "a share of 65 KiB",
      participant: "sidecar-c1-4",
      subject: "dvt.v2.exit_shares.hoodi.c1.4",
      stream: "EXIT_SHARES",
      kib: 65,
    },
    {id: "a batch of 321 KiB", participant: "operator-op-1", subject: "dvt.v2.requests.hoodi.op-1", stream: "REQUESTS", kib: 321},
  ])("never gets as far as a reader: $id", async ({participant, subject, stream, kib}) => {
    const stage = await createStage();
    const data = new Uint8Array(kib * 1024).fill(0x20);
    await expect(say(await stage.busOf(participant), subject, data)).rejects.toThrow("message size exceeds maximum allowed");
    expect(await messagesIn(stage.bus, stream)).toBe(0);
  });

  it("does so in its headers either", async () => {
    const stage = await createStage();
    const bus = await stage.busOf("sidecar-c1-4");
    const header = headers();
    header.set("X", "x".repeat(64 * 1024));
    await expect(bus.js.publish("dvt.v2.exit_shares.hoodi.c1.4", "{}", {headers: header})).rejects.toThrow("exceeds");
  });
});

it("a batch as long as it may be, of nothing but slips, is answered and holds nobody up", async () => {
  const stage = await createStage();
  await startRelayer(stage.relayer, shutdownWithTest());
  const signatures = Array.from({length: 16}, () => JSON.stringify(`${"A".repeat(86)}==`)).join();
  const slips = Array.from({length: 50_000}, () => "{}").join();
  const batch = `{"batch_id":"b","network":"hoodi","operator_id":"op-1","requested_at":1,"validators":[${slips}],"order_signatures":[${signatures}]}`;
  const startedAt = performance.now();
  const answered = untilMessages(stage.bus, "dvt.v2.completions.hoodi.op-1.batch.>", 1);
  await say(await stage.busOf("operator-op-1"), "dvt.v2.requests.hoodi.op-1", encode(batch));
  await answered;
  expect(performance.now() - startedAt).toBeLessThan(10_000);

  const asked = untilMessages(stage.bus, "dvt.v2.exit_requests.hoodi.c1.>", 1);
  const honest = await stage.busOf("operator-op-2");
  await publish(honest, exitBatch, aBatch(honest.identity, {operatorId: "op-2", publicKeys: [keyOf(stage)]}));
  await asked;
});
