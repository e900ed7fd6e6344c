import type {ExitLine} from "../../schemas/status.js";
import type {ExitView} from "../store/exitViews.js";
import type {StoredRequest} from "../store/requestDocument.js";
import type {SupersededView} from "../store/requestViews.js";
import type {ClusterShares} from "./clusterShares.js";
import {exitPicture} from "./exitPicture.js";
import {isTaken} from "./isTaken.js";

/** The current exit of a key, in a list. */
export function toLine(head: StoredRequest, view: ExitView | undefined, shares: ClusterShares): ExitLine {
  const {state, has, lacks} = exitPicture(head, view, shares);
  return {
    public_key: head.publicKey,
    validator_index: head.validatorIndex,
    cluster_id: head.clusterId,
    state,
    opened_at: head.openedAt,
    issues: head.issues,
    ...(view?.completedAt !== undefined && {completed_at: view.completedAt}),
    ...(state === "complete" && {is_taken: isTaken(head)}),
    has,
    needs: shares.threshold,
    lacks,
  };
}

/** An exit whose key has another index now, in a list. */
export const toSupersededLine = (
  {publicKey, clusterId, validatorIndex, openedAt}: Omit<SupersededView, "by" | "supersededAt">,
  view: ExitView | undefined,
  {threshold}: ClusterShares,
): ExitLine => ({
  public_key: publicKey,
  validator_index: validatorIndex,
  cluster_id: clusterId,
  state: "superseded",
  opened_at: openedAt,
  ...(view?.completedAt !== undefined && {completed_at: view.completedAt}),
  has: [...(view?.came.keys() ?? [])].sort((a, b) => a - b),
  needs: threshold,
  lacks: [],
});
