import {describe, expect, it} from "vitest";
import type {Presence} from "../../../schemas/presence.js";
import {participantAt} from "../../../src/presence/participantAt.js";
import {aPresence} from "../../support/examples/messages.js";

const seen = (lastSeenMs: number, change: Partial<Presence> = {}) => ({presence: aPresence(change), lastSeenMs});
const gateway = {role: "gateway", cluster_id: "alpha", share_index: 3} as const;
const start = 1_700_000_000_000;

describe("a participant", () => {
  it("is unknown if it was never seen", () => {
    expect(participantAt([], start)).toBeUndefined();
  });

  it.each([
    {id: "89.999 s ago", sightings: [seen(start)], nowMs: start + 89_999, state: "here", lastSeenMs: start},
    {id: "90 s ago", sightings: [seen(start)], nowMs: start + 90_000, state: "away", lastSeenMs: start},
    {id: "just now, as it stopped", sightings: [seen(start, {state: "stops"})], nowMs: start, state: "away", lastSeenMs: start},
    {
      id: "as one process stopped, while another runs",
      sightings: [seen(start, {state: "stops", instance: "00000001"}), seen(start - 20_000, {instance: "00000002"})],
      nowMs: start,
      state: "here",
      lastSeenMs: start - 20_000,
    },
    {
      id: "through the gateway, which it asked 89.999 s ago",
      sightings: [seen(start, {...gateway, asked_at: start - 10_000})],
      nowMs: start + 79_999,
      state: "here",
      lastSeenMs: start - 10_000,
    },
    {
      id: "through the gateway, which it asked 90 s ago",
      sightings: [seen(start, {...gateway, asked_at: start - 90_000})],
      nowMs: start,
      state: "away",
      lastSeenMs: start - 90_000,
    },
    {
      id: "through a gateway that cannot tell who asks",
      sightings: [seen(start, gateway)],
      nowMs: start,
      state: "here",
      lastSeenMs: start,
    },
    {
      id: "through a gateway that claims a time to come",
      sightings: [seen(start, {...gateway, asked_at: 2 * start})],
      nowMs: start + 90_000,
      state: "away",
      lastSeenMs: start,
    },
  ])("that was seen $id is $state", ({sightings, nowMs, state, lastSeenMs}) => {
    expect(participantAt(sightings, nowMs)).toMatchObject({state, lastSeenMs});
  });

  it("shows the process that is here, even if another was seen later", () => {
    const stopped = seen(start, {state: "stops", instance: "00000001"});
    const running = seen(start - 1000, {instance: "00000002"});
    expect(participantAt([stopped, running], start)?.presence).toBe(running.presence);
  });
});
