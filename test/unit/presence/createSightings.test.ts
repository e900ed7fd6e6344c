import {describe, expect, it} from "vitest";
import type {Presence} from "../../../schemas/presence.js";
import {createSightings} from "../../../src/presence/createSightings.js";
import {aPresence} from "../../support/examples/messages.js";

const dayMs = 86_400_000;
const seen = (lastSeenMs: number, change: Partial<Presence> = {}) => ({presence: aPresence(change), lastSeenMs});
const instanceOf = (number: number): string => number.toString(16).padStart(8, "0");

describe("sightings", () => {
  it("have nothing of a participant that was never seen", () => {
    expect(createSightings().of("relayer")).toEqual([]);
  });

  it("have the latest of each process of a participant, the latest first", () => {
    const sightings = createSightings();
    const [first, second, again] = [
      seen(1000, {instance: "00000001"}),
      seen(2000, {instance: "00000002"}),
      seen(3000, {instance: "00000001", key_shares: 4}),
    ];
    for (const sighting of [first, second, again]) sightings.add(sighting);
    expect(sightings.of("sidecar-alpha-3")).toEqual([again, second]);
    expect([...sightings.all().keys()]).toEqual(["sidecar-alpha-3"]);
  });

  it("keep a later one, whatever is read again", () => {
    const sightings = createSightings();
    const later = seen(2000, {state: "stops"});
    sightings.add(later);
    sightings.add(seen(1000));
    expect(sightings.of("sidecar-alpha-3")).toEqual([later]);
  });

  it("drop processes that were seen a day before the latest, but never the latest", () => {
    const sightings = createSightings();
    const old = seen(0, {instance: "00000001"});
    sightings.add(old);
    sightings.add(seen(dayMs, {instance: "00000002"}));
    expect(sightings.of("sidecar-alpha-3")).toHaveLength(2);
    const latest = seen(dayMs + 1, {instance: "00000002"});
    sightings.add(latest);
    expect(sightings.of("sidecar-alpha-3")).toEqual([latest]);
  });

  it("keep 16 processes of a participant, the latest ones", () => {
    const sightings = createSightings();
    for (let number = 0; number < 20; number++) sightings.add(seen(number, {instance: instanceOf(number)}));
    expect(sightings.of("sidecar-alpha-3").map(({lastSeenMs}) => lastSeenMs)).toEqual(
      Array.from({length: 16}, (_, position) => 19 - position),
    );
  });
});
