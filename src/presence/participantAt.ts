import type {Presence} from "../../schemas/presence.js";
import type {Sighting} from "./createSightings.js";

/** A participant as it appears at a moment. */
export type ParticipantState = {
  readonly state: "here" | "away";
  readonly lastSeenMs: number;
  /** That of the process which is here, or was seen last. */
  readonly presence: Presence;
};

/** A presence comes every 30 s. */
export const awayAfterMs = 90_000;

/** StakeWise's software is seen when it asks the gateway, which speaks for it all the time. */
const seenMsOf = ({presence: {asked_at}, lastSeenMs}: Sighting): number =>
  asked_at === undefined ? lastSeenMs : Math.min(asked_at, lastSeenMs);

/** The state of a participant, from its sightings, at a time of the bus's clock; undefined if it was never seen. */
export function participantAt(sightings: readonly Sighting[], nowMs: number): ParticipantState | undefined {
  const states = sightings.map((sighting): ParticipantState => {
    const {presence} = sighting;
    const lastSeenMs = seenMsOf(sighting);
    const isHere = presence.state === "runs" && nowMs - lastSeenMs < awayAfterMs;
    return {state: isHere ? "here" : "away", lastSeenMs, presence};
  });
  return states.sort(bestFirst)[0];
}

const bestFirst = (a: ParticipantState, b: ParticipantState): number =>
  Number(b.state === "here") - Number(a.state === "here") || b.lastSeenMs - a.lastSeenMs;
