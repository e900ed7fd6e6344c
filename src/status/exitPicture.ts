import type {ExitState} from "../../schemas/query.js";
import type {Lack} from "../../schemas/status.js";
import type {ExitView} from "../store/exitViews.js";
import type {StoredRequest} from "../store/requestDocument.js";
import type {ClusterShares} from "./clusterShares.js";
import {findLacks} from "./findLacks.js";

/** Where a current exit stands. */
export type ExitPicture = {
  readonly state: Exclude<ExitState, "superseded">;
  /** Share indexes whose share came. */
  readonly has: number[];
  readonly lacks: Lack[];
};

/** Where the exit of a request stands, from what was collected of it. */
export function exitPicture(head: StoredRequest, view: ExitView | undefined, shares: ClusterShares): ExitPicture {
  const has = [...(view?.came ?? [])].flatMap(([shareIndex, cameAt]) => (cameAt >= head.openedAt ? [shareIndex] : []));
  has.sort((a, b) => a - b);
  // One that was answered for another oracle set is complete, too, until it is opened again.
  if (view?.hasResult || head.state === "answered") return {state: "complete", has, lacks: []};
  const lacks = findLacks(head, {view, has, shares});
  if (head.state === "expired") return {state: "expired", has, lacks};
  const refused = lacks.filter(({why}) => why === "refused").length;
  return {state: shares.shareIndexes.length - refused < shares.threshold ? "rejected" : "open", has, lacks};
}
