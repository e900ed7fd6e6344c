import {describe, expect, it} from "vitest";
import {batchRejection} from "../../../schemas/batchRejection.js";
import {deadLetter} from "../../../schemas/deadLetter.js";
import type {Message} from "../../../schemas/defineMessage.js";
import {depositCompletion} from "../../../schemas/depositCompletion.js";
import {exitBatch} from "../../../schemas/exitBatch.js";
import {exitCompletion} from "../../../schemas/exitCompletion.js";
import {exitRequest} from "../../../schemas/exitRequest.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {decode} from "../../../src/messaging/decode.js";
import {encode} from "../../../src/messaging/encode.js";
import {toSentence} from "../../../src/runtime/toSentence.js";
import {
  aCompletion,
  aDeposit,
  aDepositCompletion,
  anExitBatch,
  anExitRequest,
  anExitShare,
  anOrder,
  aRejection,
  publicKey,
} from "../../support/examples/messages.js";

const withDeposit = anOrder({
  entries: [{public_key: publicKey, validator_index: 42, deposit: aDeposit()}, `0x${"d1".repeat(32)}`],
});

type Case = {id: string; message: Message; payload: object};

const aBatchRejection = (change: object = {}): object => ({
  network: "hoodi",
  operator_id: "vault-1",
  batch_id: "batch-1",
  code: "MESSAGE_MALFORMED",
  reason: "no",
  ...change,
});
const commands = "vault-1\r\nPUB $JS.API.STREAM.DELETE.EXIT_REQUESTS 0\r\n\r\nPUB x";

describe("encode", () => {
  it.each<Case>([
    {id: "a batch", message: exitBatch as Message, payload: anExitBatch()},
    {id: "an exit request", message: exitRequest as Message, payload: anExitRequest({order: withDeposit})},
    {id: "a completion", message: exitCompletion as Message, payload: aCompletion()},
    {id: "a deposit's completion", message: depositCompletion as Message, payload: aDepositCompletion()},
  ])("is decoded to the same: $id", ({message, payload}) => {
    const {subject, data} = encode(message, payload);
    expect(decode(message, subject, data)).toEqual(payload);
  });

  it.each<Case>([
    {id: "an operator id with line breaks", message: exitCompletion as Message, payload: aCompletion({operator_id: commands})},
    {id: "a wildcard as operator id", message: exitCompletion as Message, payload: aRejection({operator_id: ">"})},
    {
      id: "an operator id of several tokens",
      message: depositCompletion as Message,
      payload: aDepositCompletion({operator_id: "a.b"}),
    },
    {id: "no operator", message: exitCompletion as Message, payload: aCompletion({operator_id: ""})},
    {id: "a cluster id with line breaks", message: exitRequest as Message, payload: anExitRequest({cluster_id: commands})},
    {
      id: "an order id in upper case",
      message: exitRequest as Message,
      payload: anExitRequest({order_id: `0x${"0D".repeat(32)}`}),
    },
    {
      id: "an order id with line breaks",
      message: exitRequest as Message,
      payload: anExitRequest({order_id: commands}),
    },
    {id: "a key in upper case", message: exitCompletion as Message, payload: aCompletion({public_key: `0x${"AB".repeat(48)}`})},
    {
      id: "a negative index",
      message: exitRequest as Message,
      payload: anExitRequest({order: anOrder({entries: [{public_key: publicKey, validator_index: -1}]})}),
    },
    {id: "an order of nothing", message: exitRequest as Message, payload: anExitRequest({order: anOrder({entries: []})})},
    {
      id: "more shares than a message may have",
      message: exitShare as Message,
      payload: anExitShare({exits: Array(65).fill({public_key: publicKey, validator_index: 42})}),
    },
    {id: "a field too many", message: exitRequest as Message, payload: {...anExitRequest(), operators: []}},
    {
      id: "more bytes than it may have",
      message: exitRequest as Message,
      payload: {...anExitRequest(), more: "x".repeat(32 * 1024)},
    },
    {id: "a reason that clears the screen", message: exitCompletion as Message, payload: aRejection({reason: "\u001b[2J"})},
    {id: "a reason of two lines", message: batchRejection as Message, payload: aBatchRejection({reason: "no\nyes"})},
    {id: "a stream of several tokens", message: deadLetter as Message, payload: {stream: "A.B", participant: "relayer"}},
  ])("rejects what readers would reject: $id", ({message, payload}) => {
    expect(() => encode(message, payload)).toThrow(expect.objectContaining({code: "OUTGOING_MALFORMED"}));
  });
});

it.each([
  {id: "unchanged", text: "no such key", sentence: "no such key"},
  {id: "without control characters", text: "a\u001b[2J\nb\u202e\u009b", sentence: "a?[2J?b??"},
  {id: "cut", text: "x".repeat(2000), sentence: "x".repeat(1024)},
  {id: "as a dash if it is empty", text: "", sentence: "-"},
])("a reason is published $id", ({text, sentence}) => {
  expect(toSentence(text)).toBe(sentence);
});
