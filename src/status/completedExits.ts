import {DvtError} from "../errors.js";
import {exitKeyOf, validatorKeyOf} from "../exits/exitId.js";
import type {ExitView} from "../store/exitViews.js";
import type {Cursor} from "../store/readPage.js";
import {isTaken} from "./isTaken.js";
import {latestShown} from "./shareConduct.js";
import type {StatusSources} from "./sources.js";

/** The exits of a cluster that were completed last. */
export type CompletedExits = {
  /** The latest first, at least as many as are shown, whenever that was. */
  readonly latest: readonly ExitView[];
  /** Keys of those of the last hour that a requester has not taken. */
  readonly notTaken: readonly string[];
  /** How long those of the last hour took, from request to completion, in ascending order. */
  readonly durationsMs: readonly number[];
  /** How many were completed in each of the last 60 minutes, the oldest first. */
  readonly perMinute: readonly number[];
};

const hourMs = 3_600_000;
const minuteMs = 60_000;
const mostSeen = 1000;
const pageSize = 250;

/** Reads the exits of the last hour, at most 1,000, by the index completed, and their requests, by _id. */
export async function readCompletedExits(sources: StatusSources, clusterId: string, nowMs: number): Promise<CompletedExits> {
  const {network, requests} = sources;
  const recent = await readSince(sources, clusterId, nowMs - hourMs);
  const latest = recent.length < latestShown ? await readLatest(sources, clusterId) : recent;
  const heads = await requests.findAll(recent.map(({publicKey}) => ({network, publicKey})));
  const perMinute = Array<number>(60).fill(0);
  const notTaken: string[] = [];
  const durationsMs: number[] = [];
  for (const {publicKey, validatorIndex, completedAt = 0} of recent) {
    const minute = Math.min(59, Math.floor((completedAt - (nowMs - hourMs)) / minuteMs));
    perMinute[minute] = (perMinute[minute] ?? 0) + 1;
    const head = heads.get(validatorKeyOf({network, publicKey}));
    if (!head || head instanceof DvtError || head.validatorIndex !== validatorIndex) continue;
    if (completedAt >= head.openedAt) durationsMs.push(completedAt - head.openedAt);
    if (!isTaken(head)) notTaken.push(exitKeyOf({network, publicKey, validatorIndex}));
  }
  return {latest, notTaken, durationsMs: durationsMs.sort((a, b) => a - b), perMinute};
}

async function readSince({exitViews, oracles}: StatusSources, clusterId: string, since: number): Promise<ExitView[]> {
  const found: ExitView[] = [];
  let after: Cursor | undefined;
  do {
    const page = {since, limit: pageSize, after};
    const {items, next} = await exitViews.findCompleted([clusterId], oracles.current().configHash, page);
    found.push(...items);
    after = next;
  } while (after && found.length < mostSeen);
  return found;
}

async function readLatest({exitViews, oracles}: StatusSources, clusterId: string): Promise<readonly ExitView[]> {
  const {items} = await exitViews.findCompleted([clusterId], oracles.current().configHash, {limit: latestShown});
  return items;
}
