import {createHash} from "node:crypto";
import {describe, expect, it} from "vitest";
import {batchRejection} from "../../../schemas/batchRejection.js";
import type {Message} from "../../../schemas/defineMessage.js";
import {type ExitBatch, exitBatch} from "../../../schemas/exitBatch.js";
import {entryDigestOf, type OrderDigests, orderContent, orderIdOf} from "../../../src/exits/order.js";
import {decode} from "../../../src/messaging/decode.js";
import {createSeed, toIdentity} from "../../../src/messaging/identity.js";
import {batchIdOf, readBatch} from "../../../src/relayer/readBatch.js";
import {aDeposit, anExitBatch, publicKey, toBytes} from "../../support/examples/messages.js";
import {signBatch} from "../../support/signBatch.js";

const timestampMs = 1_700_000_000_000;
const subject = exitBatch.subject(anExitBatch());
const encode = (payload: unknown): Uint8Array => toBytes(JSON.stringify(payload));
const identity = toIdentity("operator-vault-1", createSeed().seed);
const signOrder = async (order: OrderDigests) => ({
  ...order,
  signature: Buffer.from(identity.sign("order", orderContent(order))).toString("base64"),
});
const sign = (batch: ExitBatch) => signBatch({signOrder}, batch);
/** Reads what the operator sends, with these signatures or its own. */
const read = async (batch: ExitBatch, order_signatures?: string[]) => {
  const signed = await sign(batch);
  return readBatch({subject, data: encode({...signed, ...(order_signatures && {order_signatures})}), timestampMs}, identity.nkey);
};
const rejected = (code: string) => expect.objectContaining({code});
const validators = (...keys: string[]) => keys.map((public_key, validator_index) => ({public_key, validator_index}));

describe("readBatch", () => {
  it.each([
    {id: "at the bus's own time", requested_at: timestampMs},
    {id: "59 s ahead of it", requested_at: timestampMs + 59_000},
    {id: "60 s ahead of it", requested_at: timestampMs + 60_000},
    {id: "a year ago, published again", requested_at: timestampMs - 365 * 86_400_000},
  ])("accepts a batch requested $id", async ({requested_at}) => {
    const batch = anExitBatch({requested_at});
    expect((await read(batch)).batch).toEqual(await sign(batch));
  });

  it.each([
    {id: "a millisecond more than a minute", leadMs: 60_001},
    {id: "two minutes", leadMs: 120_000},
    {id: "forever", leadMs: Number.MAX_SAFE_INTEGER - timestampMs},
  ])("rejects a batch requested ahead by $id", async ({leadMs}) => {
    const batch = anExitBatch({requested_at: timestampMs + leadMs});
    await expect(read(batch)).rejects.toThrow(rejected("REQUESTED_AT_AHEAD"));
  });

  const other = `0x${"cd".repeat(48)}`;
  it.each([
    {id: "next to each other", keys: [publicKey, publicKey]},
    {id: "apart", keys: [publicKey, other, publicKey]},
    {id: "once in upper case", keys: [publicKey, other, `0x${publicKey.slice(2).toUpperCase()}`]},
  ])("rejects a key that appears twice: $id", async ({keys}) => {
    const batch = anExitBatch({validators: validators(...keys)});
    await expect(read(batch)).rejects.toThrow(rejected("PUBLIC_KEY_REPEATED"));
  });

  it("accepts the same index for two keys: the chain decides whose it is", async () => {
    const both = [publicKey, other].map((public_key) => ({public_key, validator_index: 7}));
    expect((await read(anExitBatch({validators: both}))).batch.validators).toEqual(both);
  });

  it("accepts a rotation, and rejects one with a deposit", async () => {
    const rotation = {public_key: publicKey, validator_index: 42, rotation: true as const};
    expect((await read(anExitBatch({validators: [rotation]}))).batch.validators).toEqual([rotation]);
    const both = anExitBatch({validators: [{...rotation, deposit: aDeposit()}]});
    await expect(read(both)).rejects.toThrow(rejected("MESSAGE_MALFORMED"));
  });

  it("rejects a batch of another operator than the subject's", async () => {
    await expect(read(anExitBatch({operator_id: "vault-2"}))).rejects.toThrow(rejected("SUBJECT_MISMATCH"));
  });

  it("rejects what cannot be read", async () => {
    const data = encode([]);
    await expect(readBatch({subject, data, timestampMs}, identity.nkey)).rejects.toThrow(rejected("MESSAGE_MALFORMED"));
  });

  const many = (count: number) =>
    validators(...Array.from({length: count}, (_, number) => `0x${number.toString(16).padStart(96, "0")}`));

  it.each([
    {count: 64, sizes: [64]},
    {count: 65, sizes: [64, 1]},
    {count: 1000, sizes: [...Array(15).fill(64), 40]},
  ])("reads a batch of $count as orders, each with its entries", async ({count, sizes}) => {
    const batch = anExitBatch({validators: many(count)});
    const {orders} = await read(batch);
    expect(orders.map(({entries}) => entries.length)).toEqual(sizes);
    expect(orders.flatMap(({entries}) => entries)).toEqual(batch.validators);
    expect(orders.map(({order}) => order.signature)).toEqual((await sign(batch)).order_signatures);
    expect(orders.map(({id}) => id)).toEqual(orders.map(({order}) => orderIdOf(order)));
    expect(orders.flatMap(({order}) => order.digests)).toEqual(batch.validators.map(entryDigestOf));
  });

  it.each<{id: string; spoil: (signatures: string[]) => string[]; code: string}>([
    {id: "one signature too few", spoil: ([first]) => [first as string], code: "MESSAGE_MALFORMED"},
    {id: "one signature too many", spoil: (all) => [...all, all[0] as string], code: "MESSAGE_MALFORMED"},
    {id: "signatures in another order", spoil: (all) => all.toReversed(), code: "ORDER_INVALID"},
    {id: "the last signature of nothing", spoil: ([first]) => [first as string, `${"A".repeat(86)}==`], code: "ORDER_INVALID"},
  ])("rejects a batch whole with $code that has $id", async ({spoil, code}) => {
    const batch = anExitBatch({validators: many(65)});
    await expect(read(batch, spoil((await sign(batch)).order_signatures))).rejects.toThrow(rejected(code));
  });

  it.each<{id: string; signed: Partial<ExitBatch>}>([
    {id: "another index", signed: {validators: [{public_key: publicKey, validator_index: 43}]}},
    {id: "a deposit", signed: {validators: [{public_key: publicKey, validator_index: 42, deposit: aDeposit()}]}},
    {id: "a rotation", signed: {validators: [{public_key: publicKey, validator_index: 42, rotation: true}]}},
    {id: "another time", signed: {requested_at: timestampMs + 1}},
    {id: "another network", signed: {network: "mainnet"}},
    {id: "another operator id", signed: {operator_id: "vault-2"}},
  ])("rejects a batch whose operator signed $id", async ({signed}) => {
    const {order_signatures} = await sign(anExitBatch(signed));
    await expect(read(anExitBatch(), order_signatures)).rejects.toThrow(rejected("ORDER_INVALID"));
  });

  it("rejects a batch whose orders another operator signed", async () => {
    const data = encode(await sign(anExitBatch()));
    const other = toIdentity("operator-vault-2", createSeed().seed).nkey;
    await expect(readBatch({subject, data, timestampMs}, other)).rejects.toThrow(rejected("ORDER_INVALID"));
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
