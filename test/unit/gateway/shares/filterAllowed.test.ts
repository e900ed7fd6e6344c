import {afterEach, beforeEach, expect, it, vi} from "vitest";
import type {Cluster} from "../../../../src/clusters/cluster.js";
import {networks} from "../../../../src/consensus/networks.js";
import {DvtError} from "../../../../src/errors.js";
import {exitKeyOf} from "../../../../src/exits/exitId.js";
import {createPollLogs} from "../../../../src/gateway/caches/pollLogs.js";
import {createFilterAllowed} from "../../../../src/gateway/shares/filterAllowed.js";
import type {Policy} from "../../../../src/policy/policy.js";
import {publicKey} from "../../../support/examples/messages.js";
import {aLogger} from "../../../support/logger.js";

const exit = {network: networks.hoodi, publicKey, validatorIndex: 7};
const asked = [{cluster: {id: "c1"} as Cluster, exit, isRotation: false}];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A filter by this policy, which is polled every five seconds. */
function setUp(decide: Policy["decide"]) {
  const {logger, logged} = aLogger();
  const filter = createFilterAllowed({...createPollLogs(logger), policyOf: () => ({decide}), now: Date.now});
  const poll = async (seconds: number): Promise<unknown[]> => {
    let shown: unknown[] = [];
    for (let left = seconds; left > 0; left -= 5) {
      shown = await filter(asked);
      await vi.advanceTimersByTimeAsync(5000);
    }
    return shown;
  };
  return {poll, lines: () => logged.map(({msg, code, exits}) => [msg, code, exits])};
}

const exits = [exitKeyOf(exit)];
const begins = "exits are not shown to sidecars";
const goesOn = "exits are still not shown to sidecars";
const ends = "no exit is kept from sidecars for this reason any more";

it("logs an exit that is refused when that begins, once a minute, and when nobody asks for it any more", async () => {
  const {poll, lines} = setUp(async () => ({outcome: "refuse", code: "KEY_NOT_ALLOWED", reason: "not listed"}));
  expect(await poll(70)).toEqual([]);
  expect(lines()).toEqual([
    [begins, "KEY_NOT_ALLOWED", exits],
    [goesOn, "KEY_NOT_ALLOWED", exits],
  ]);
  await vi.advanceTimersByTimeAsync(70_000);
  expect(lines().slice(2)).toEqual([[ends, "KEY_NOT_ALLOWED", undefined]]);
});

it("logs an exit that cannot be decided, a bug too, until it is", async () => {
  const decisions = [
    new DvtError("CONSENSUS_UNAVAILABLE", "no node"),
    new DvtError("CONSENSUS_UNAVAILABLE", "no node"),
    new TypeError("a bug"),
  ];
  const {poll, lines} = setUp(async () => {
    const error = decisions.shift();
    if (error) throw error;
    return {outcome: "sign"};
  });
  expect(await poll(40)).toEqual(asked);
  expect(lines()).toEqual([
    [begins, "CONSENSUS_UNAVAILABLE", exits],
    [begins, "INTERNAL", exits],
    [ends, "CONSENSUS_UNAVAILABLE", undefined],
    [ends, "INTERNAL", undefined],
  ]);
});

it("decides an exit apart as a rotation", async () => {
  const decided: unknown[] = [];
  const {logger} = aLogger();
  const decide: Policy["decide"] = async ({rotation}) => {
    decided.push(rotation);
    return rotation ? {outcome: "sign"} : {outcome: "refuse", code: "VALIDATOR_ACTIVE", reason: "active"};
  };
  const filter = createFilterAllowed({...createPollLogs(logger), policyOf: () => ({decide}), now: Date.now});
  const asRotation = asked.map((it) => ({...it, isRotation: true}));
  expect(await filter(asked)).toEqual([]);
  expect(await filter(asRotation)).toEqual(asRotation);
  expect(await filter(asked)).toEqual([]);
  expect(decided).toEqual([false, true]);
});
