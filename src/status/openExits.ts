import {exitKeyOf} from "../exits/exitId.js";
import type {ClusterShares} from "./clusterShares.js";
import {type ExitPicture, exitPicture} from "./exitPicture.js";
import {isTaken} from "./isTaken.js";
import type {StatusSources} from "./sources.js";

/** An exit that was asked for and has no result. */
export type OpenExit = Omit<ExitPicture, "state"> & {readonly key: string; readonly openedAt: number};

/** The open requests of a cluster, by what became of them. */
export type OpenRequests = {
  /** The oldest first. */
  readonly open: readonly OpenExit[];
  /** Keys of exits that have a result which not every requester has taken. */
  readonly notTaken: readonly string[];
  /** How many requests were looked at. */
  readonly seen: number;
};

/** More open requests of a cluster are counted, and not looked at. */
const mostSeen = 1000;

/** Reads the 1,000 oldest open requests of a cluster, by the index by_state, and what was collected of each, by _id. */
export async function readOpenRequests(
  {network, oracles, requestViews, exitViews}: StatusSources,
  clusterId: string,
  shares: ClusterShares,
): Promise<OpenRequests> {
  const {items} = await requestViews.findOpen([clusterId], {limit: mostSeen});
  const heads = items.map((head) => ({head, exit: {network, publicKey: head.publicKey, validatorIndex: head.validatorIndex}}));
  const views = await exitViews.findAll(
    heads.map(({exit}) => exit),
    oracles.current().configHash,
  );
  const open: OpenExit[] = [];
  const notTaken: string[] = [];
  for (const {head, exit} of heads) {
    // Nobody who may asked for it.
    if (head.requesters.size === 0) continue;
    const key = exitKeyOf(exit);
    const {state, has, lacks} = exitPicture(head, views.get(key), shares);
    if (state === "open") open.push({key, openedAt: head.openedAt, has, lacks});
    if (state === "complete" && !isTaken(head)) notTaken.push(key);
  }
  return {open, notTaken, seen: items.length};
}
