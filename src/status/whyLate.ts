import type {Lack} from "../../schemas/status.js";
import type {ParticipantState} from "../presence/participantAt.js";

/** Why a share index that was asked says nothing, as far as its presence tells; undefined if it could sign. */
export function whyLate(state: ParticipantState | undefined): Pick<Lack, "why" | "code" | "since"> | undefined {
  if (!state) return {why: "away"};
  if (state.state === "away") return {why: "away", since: state.lastSeenMs};
  const {waits, beacon, signer} = state.presence;
  const reasons = [
    ...waits.map(({code, since}) => ({code, since})),
    ...(beacon && beacon.state !== "ok" ? [{code: "CONSENSUS_UNAVAILABLE", since: beacon.since}] : []),
    ...(signer && signer.state !== "ok" ? [{code: "SIGNER_UNAVAILABLE", since: signer.since}] : []),
  ].sort((a, b) => a.since - b.since);
  return reasons[0] && {why: "waits", ...reasons[0]};
}
