import {describe, expect, it} from "vitest";
import {exitIn} from "../../../src/messaging/deadLetter.js";
import {
  aCompletion,
  aDepositRefusal,
  aDepositShare,
  anExitBatch,
  anExitRefusal,
  anExitRequest,
  anExitShare,
  anOrder,
  aRefusedExit,
  publicKey,
  toBytes,
} from "../../support/examples/messages.js";

const entry = {public_key: publicKey, validator_index: 42};
const digest = `0x${"d1".repeat(32)}`;
const sharesOf = (...exits: object[]): object => anExitShare({exits: exits as never});
const requestOf = (...entries: unknown[]): object => anExitRequest({order: anOrder({entries: entries as never})});
const own = `hoodi:${publicKey}:42`;

describe("exitIn", () => {
  it.each([
    {id: "a share", payload: anExitShare(), expected: own},
    {id: "a request", payload: anExitRequest(), expected: own},
    {id: "a completion", payload: aCompletion(), expected: own},
    {id: "a refusal", payload: anExitRefusal(), expected: own},
    {id: "a request of one exit among digests", payload: requestOf(digest, entry, digest), expected: own},
    {id: "a share with a key in upper case", payload: sharesOf({...entry, public_key: `0x${"AB".repeat(48)}`}), expected: own},
    {id: "a share with other fields malformed", payload: {...anExitShare(), share_index: "x", extra: 1}, expected: own},
    {id: "an exit at index 0", payload: sharesOf({...entry, validator_index: 0}), expected: `hoodi:${publicKey}:0`},
    {id: "a batch, which has many exits", payload: anExitBatch(), expected: undefined},
    {id: "two shares", payload: sharesOf(entry, {...entry, validator_index: 43}), expected: undefined},
    {id: "no share", payload: sharesOf(), expected: undefined},
    {id: "two refusals", payload: anExitRefusal({refusals: [aRefusedExit(), aRefusedExit()]}), expected: undefined},
    {id: "a request of two exits", payload: requestOf(entry, digest, entry), expected: undefined},
    {id: "a request of digests alone", payload: requestOf(digest), expected: undefined},
    {id: "a deposit's share, which has no index", payload: aDepositShare(), expected: undefined},
    {id: "a deposit's refusal, which has no index", payload: aDepositRefusal(), expected: undefined},
    {id: "an unknown network", payload: {...anExitShare(), network: "holesky"}, expected: undefined},
    {id: "a network that is a list", payload: {...anExitShare(), network: ["hoodi"]}, expected: undefined},
    {id: "a key cut short", payload: sharesOf({...entry, public_key: "0xab"}), expected: undefined},
    {id: "a key in a list", payload: sharesOf({...entry, public_key: [publicKey]}), expected: undefined},
    {id: "an index in quotes", payload: sharesOf({...entry, validator_index: "42"}), expected: undefined},
    {id: "a negative index", payload: sharesOf({...entry, validator_index: -1}), expected: undefined},
    {id: "an index above 2^53 - 1", payload: sharesOf({...entry, validator_index: 2 ** 53}), expected: undefined},
    {id: "exits that are text", payload: {...anExitShare(), exits: "x"}, expected: undefined},
    {id: "exits of null", payload: {...anExitShare(), exits: [null]}, expected: undefined},
    {id: "an entry that is null", payload: requestOf(null), expected: undefined},
    {id: "an order that is null", payload: {...anExitRequest(), order: null}, expected: undefined},
    {id: "null", payload: null, expected: undefined},
    {id: "a list", payload: [], expected: undefined},
  ])("finds $expected in $id", ({payload, expected}) => {
    expect(exitIn(toBytes(JSON.stringify(payload)))).toBe(expected);
  });

  it.each([
    {id: "no bytes", data: new Uint8Array()},
    {id: "bytes that are not JSON", data: toBytes("{")},
    {id: "bytes that are not text", data: new Uint8Array(9).fill(0xff)},
  ])("finds nothing in $id", ({data}) => {
    expect(exitIn(data)).toBeUndefined();
  });
});
