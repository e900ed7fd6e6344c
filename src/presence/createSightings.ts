import type {Presence} from "../../schemas/presence.js";

/** A presence, and when it was said: by its own word, but not after the bus stored it. */
export type Sighting = {readonly presence: Presence; readonly lastSeenMs: number};

/** By participant, the latest presence of each of its processes, the latest first. */
export type Sightings = {
  of(participant: string): readonly Sighting[];
  all(): ReadonlyMap<string, readonly Sighting[]>;
};

const mostInstances = 16;
const dayMs = 86_400_000;

/** Nothing seen yet. Of each participant it keeps at most 16 processes, none a day older than the latest. */
export function createSightings(): Sightings & {add(sighting: Sighting): void} {
  const byParticipant = new Map<string, readonly Sighting[]>();
  return {
    of: (participant) => byParticipant.get(participant) ?? [],
    all: () => byParticipant,
    add(sighting) {
      const {participant, instance} = sighting.presence;
      const known = byParticipant.get(participant) ?? [];
      const earlier = known.find(({presence}) => presence.instance === instance);
      // The stream is read again from its beginning at times.
      if (earlier && earlier.lastSeenMs > sighting.lastSeenMs) return;
      const all = [...known.filter((it) => it !== earlier), sighting].sort((a, b) => b.lastSeenMs - a.lastSeenMs);
      const [latest = sighting] = all;
      const isRecent = ({lastSeenMs}: Sighting): boolean => latest.lastSeenMs - lastSeenMs <= dayMs;
      byParticipant.set(participant, all.filter(isRecent).slice(0, mostInstances));
    },
  };
}
