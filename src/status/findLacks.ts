import type {Lack} from "../../schemas/status.js";
import type {ExitView} from "../store/exitViews.js";
import type {StoredRequest} from "../store/requestDocument.js";
import type {ClusterShares} from "./clusterShares.js";
import {whyLate} from "./whyLate.js";

type Collected = {
  readonly view: ExitView | undefined;
  readonly has: readonly number[];
  readonly shares: Pick<ClusterShares, "shareIndexes" | "stateOf">;
};

/**
 * Who has not signed the exit, why, and since when: it refused the current request, else it is away, else it waits for something, else
 * it was asked and has said nothing yet.
 */
export function findLacks(head: StoredRequest, {view, has, shares}: Collected): Lack[] {
  const requestedAt = Math.max(...[...head.requesters.values()].map((it) => it.requestedAt));
  return shares.shareIndexes
    .filter((shareIndex) => !has.includes(shareIndex))
    .map((shareIndex): Lack => {
      const refusal = view?.refusals.get(shareIndex);
      if (refusal && refusal.requested_at >= requestedAt) {
        const {code, at} = refusal;
        return {share_index: shareIndex, why: "refused", code, ...(at !== undefined && {since: at})};
      }
      const late = whyLate(shares.stateOf(shareIndex));
      return {share_index: shareIndex, ...(late ?? {why: "asked", since: head.reissuedAt ?? head.issuedAt ?? head.openedAt})};
    });
}
