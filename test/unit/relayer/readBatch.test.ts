import {createHash} from "node:crypto";
import {describe, expect, it} from "vitest";
import {batchRejection} from "../../../schemas/batchRejection.js";
import type {Message} from "../../../schemas/defineMessage.js";
import {exitBatch} from "../../../schemas/exitBatch.js";
import {decode} from "../../../src/messaging/decode.js";
import {batchIdOf, readBatch} from "../../../src/relayer/readBatch.js";
import {anExitBatch, publicKey, toBytes} from "../../support/examples/messages.js";

const timestampMs = 1_700_000_000_000;
const subject = exitBatch.subject(anExitBatch());
const encode = (payload: unknown): Uint8Array => toBytes(JSON.stringify(payload));
const read = (batch: object) => readBatch({subject, data: encode(batch), timestampMs});
const validators = (...keys: string[]) => keys.map((public_key, validator_index) => ({public_key, validator_index}));

describe("readBatch", () => {
  it.each([
    {id: "at the bus's own time", requested_at: timestampMs},
    {id: "59 s ahead of it", requested_at: timestampMs + 59_000},
    {id: "60 s ahead of it", requested_at: timestampMs + 60_000},
    {id: "a year ago, published again", requested_at: timestampMs - 365 * 86_400_000},
  ])("accepts a batch requested $id", ({requested_at}) => {
    expect(read(anExitBatch({requested_at}))).toEqual(anExitBatch({requested_at}));
  });

  it.each([
    {id: "a millisecond more than a minute", leadMs: 60_001},
    {id: "two minutes", leadMs: 120_000},
    {id: "forever", leadMs: Number.MAX_SAFE_INTEGER - timestampMs},
  ])("rejects a batch requested ahead by $id", ({leadMs}) => {
    expect(() => read(anExitBatch({requested_at: timestampMs + leadMs}))).toThrow(
      expect.objectContaining({code: "REQUESTED_AT_AHEAD"}),
    );
  });

  const other = `0x${"cd".repeat(48)}`;
  it.each([
    {id: "next to each other", keys: [publicKey, publicKey]},
    {id: "apart", keys: [publicKey, other, publicKey]},
    {id: "once in upper case", keys: [publicKey, other, `0x${publicKey.slice(2).toUpperCase()}`]},
  ])("rejects a key that appears twice: $id", ({keys}) => {
    expect(() => read(anExitBatch({validators: validators(...keys)}))).toThrow(
      expect.objectContaining({code: "PUBLIC_KEY_REPEATED"}),
    );
  });

  it("accepts the same index for two keys: the chain decides whose it is", () => {
    const both = [publicKey, other].map((public_key) => ({public_key, validator_index: 7}));
    expect(read(anExitBatch({validators: both})).validators).toEqual(both);
  });

  it("rejects a batch of another operator than the subject's", () => {
    expect(() => read(anExitBatch({operator_id: "vault-2"}))).toThrow(expect.objectContaining({code: "SUBJECT_MISMATCH"}));
  });

  it("rejects what cannot be read", () => {
    expect(() => read([])).toThrow(expect.objectContaining({code: "MESSAGE_MALFORMED"}));
  });
});

describe("batchIdOf", () => {
  it.each([
    {id: "a good batch", payload: anExitBatch()},
    {id: "a batch with other fields malformed", payload: {batch_id: "batch-1", validators: 7}},
  ])("is the batch_id of $id", ({payload}) => {
    expect(batchIdOf(encode(payload))).toBe("batch-1");
  });

  it.each([
    {id: "bytes that are not JSON", data: toBytes("{")},
    {id: "no bytes", data: new Uint8Array()},
    {id: "null", data: toBytes("null")},
    {id: "a batch without one", data: toBytes("{}")},
    {id: "one that is a number", data: toBytes('{"batch_id":1}')},
    {id: "one that is two tokens", data: toBytes('{"batch_id":"a.b"}')},
    {id: "one with a wildcard", data: toBytes('{"batch_id":">"}')},
    {id: "one of 65 characters", data: encode({batch_id: "b".repeat(65)})},
    {id: "an empty one", data: toBytes('{"batch_id":""}')},
  ])("is derived from the bytes of $id, and fits a rejection's subject", ({data}) => {
    const batch_id = batchIdOf(data);
    expect(batch_id).toBe(`sha256-${createHash("sha256").update(data).digest("hex").slice(0, 32)}`);
    const rejection = {network: "hoodi", operator_id: "vault-1", batch_id, code: "MESSAGE_MALFORMED", reason: "no"} as const;
    expect(decode(batchRejection as Message, batchRejection.subject(rejection), encode(rejection))).toEqual(rejection);
  });
});
