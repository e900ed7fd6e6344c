import type {ShareIndexStatus} from "../../schemas/status.js";
import type {ParticipantState} from "../presence/participantAt.js";
import {whyLate} from "./whyLate.js";

/** What a share index does with the exits of its cluster. */
export type Conduct = {
  /** Since when it refuses an exit that is open; absent if it refuses none. */
  readonly refusesSince?: number | undefined;
  readonly latest: ShareIndexStatus["latest"];
};

/** The status of a share index, from its presence and from what it did with the exits. */
export function shareIndexStatus(
  shareIndex: number,
  state: ParticipantState | undefined,
  {refusesSince, latest}: Conduct,
): ShareIndexStatus {
  const {key_shares, signed, refused = [], waits = [], version, beacon, signer, clock_offset_ms} = state?.presence ?? {};
  return {
    share_index: shareIndex,
    ...stateOf(state, refusesSince),
    ...(state && {last_seen: state.lastSeenMs}),
    ...(signed?.last_at !== undefined && {last_signed: signed.last_at}),
    signed: signed?.count ?? 0,
    refused: refused.map(({code, count}) => ({code, exits: count})),
    waits,
    ...(key_shares !== undefined && {key_shares}),
    ...(version !== undefined && {version}),
    ...(beacon && {beacon}),
    ...(signer && {signer}),
    ...(clock_offset_ms !== undefined && {clock_offset_ms}),
    latest,
  };
}

function stateOf(
  state: ParticipantState | undefined,
  refusesSince: number | undefined,
): Pick<ShareIndexStatus, "state" | "since"> {
  const late = whyLate(state);
  if (late) return {state: late.why === "away" ? "away" : "waits", ...(late.since !== undefined && {since: late.since})};
  return refusesSince === undefined ? {state: "signs"} : {state: "refuses", since: refusesSince};
}
