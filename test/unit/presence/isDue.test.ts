import {describe, expect, it} from "vitest";
import type {Presence} from "../../../schemas/presence.js";
import {isDue} from "../../../src/presence/isDue.js";
import {aFullPresence} from "../../support/examples/messages.js";

const restMs = 28_000;
const wait = {code: "CONSENSUS_UNAVAILABLE", since: 1_700_000_000_000, exits: 2};
const base = aFullPresence({waits: [wait], keys_left: [{vault: `0x${"a1".repeat(20)}`, keys: 9}]});
const oracles = {config_hash: `0x${"aa".repeat(32)}`, since: 1, source: "chain"} as const;
const later = (base.asked_at as number) + 60_001;

const changes: {id: string; change: Partial<Presence>; afterMs: number}[] = [
  {id: "another code waits", change: {waits: [wait, {...wait, code: "RATE_LIMITED"}]}, afterMs: 1000},
  {id: "nothing waits any more", change: {waits: []}, afterMs: 1000},
  {id: "the beacon node is back", change: {beacon: {state: "ok", since: 1}}, afterMs: 1000},
  {id: "the signer is away", change: {signer: {state: "unavailable", since: 1}}, afterMs: 1000},
  {id: "the oracle set is another", change: {oracles}, afterMs: 1000},
  {id: "there is a key share more", change: {key_shares: 6}, afterMs: 1000},
  {id: "it stops", change: {state: "stops"}, afterMs: 1000},
  {id: "a sidecar asks after a break", change: {asked_at: later}, afterMs: 1000},
  {id: "a sidecar asks for the first time", change: {asked_at: 2 * later}, afterMs: 1000},
  {id: "more was signed", change: {signed: {count: 8, last_at: 1_700_000_000_000}}, afterMs: 5000},
  {id: "more was refused", change: {refused: [{code: "VALIDATOR_ACTIVE", count: 2}]}, afterMs: 5000},
  {id: "more exits wait", change: {waits: [{...wait, exits: 3}]}, afterMs: 5000},
  {id: "fewer keys are left", change: {keys_left: [{vault: `0x${"a1".repeat(20)}`, keys: 8}]}, afterMs: 5000},
  {id: "the loop was delayed", change: {loop_delay_ms: 500}, afterMs: restMs},
  {id: "the clocks differ", change: {clock_offset_ms: 70_000}, afterMs: restMs},
  {id: "a sidecar asks again", change: {asked_at: later - 1}, afterMs: restMs},
  {id: "nothing has changed", change: {}, afterMs: restMs},
];

describe("a presence", () => {
  it("is due at once at the start", () => {
    expect(isDue(undefined, {presence: base, atMs: 0}, restMs)).toBe(true);
  });

  it.each(changes)("is due $afterMs ms after the last one, and no sooner, when $id", ({change, afterMs}) => {
    const at = (atMs: number) => isDue({presence: base, atMs: 7000}, {presence: {...base, ...change}, atMs}, restMs);
    expect([at(7000 + afterMs - 1), at(7000 + afterMs)]).toEqual([false, true]);
  });

  it.each(changes.filter(({afterMs}) => afterMs < restMs))("that was lost is due again after 5 s, also when $id", ({change}) => {
    const last = {presence: base, atMs: 0, isLost: true};
    const at = (atMs: number) => isDue(last, {presence: {...base, ...change}, atMs}, restMs);
    expect([at(4999), at(5000)]).toEqual([false, true]);
  });
});
