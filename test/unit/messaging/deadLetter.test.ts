import {describe, expect, it} from "vitest";
import {exitIn} from "../../../src/messaging/deadLetter.js";
import {aCompletion, anExitBatch, anExitRequest, anExitShare, publicKey, toBytes} from "../../support/examples/messages.js";

const own = `hoodi:${publicKey}:42`;

describe("exitIn", () => {
  it.each([
    {id: "a share", payload: anExitShare(), expected: own},
    {id: "a request", payload: anExitRequest(), expected: own},
    {id: "a completion", payload: aCompletion(), expected: own},
    {id: "a share with a key in upper case", payload: anExitShare({public_key: `0x${"AB".repeat(48)}`}), expected: own},
    {id: "a share with other fields malformed", payload: {...anExitShare(), share_index: "x", extra: 1}, expected: own},
    {id: "an exit at index 0", payload: anExitShare({validator_index: 0}), expected: `hoodi:${publicKey}:0`},
    {id: "a batch, which has many exits", payload: anExitBatch(), expected: undefined},
    {id: "an unknown network", payload: {...anExitShare(), network: "holesky"}, expected: undefined},
    {id: "a network that is a list", payload: {...anExitShare(), network: ["hoodi"]}, expected: undefined},
    {id: "a key cut short", payload: anExitShare({public_key: "0xab"}), expected: undefined},
    {id: "a key in a list", payload: {...anExitShare(), public_key: [publicKey]}, expected: undefined},
    {id: "an index in quotes", payload: {...anExitShare(), validator_index: "42"}, expected: undefined},
    {id: "a negative index", payload: anExitShare({validator_index: -1}), expected: undefined},
    {id: "an index above 2^53 - 1", payload: anExitShare({validator_index: 2 ** 53}), expected: undefined},
    {id: "an exit that is null", payload: {...anExitRequest(), voluntary_exit: null}, expected: undefined},
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
