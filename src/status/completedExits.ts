import {DvtError} from "../errors.js";
import {exitKeyOf, validatorKeyOf} from "../exits/exitId.js";
import type {ExitView} from "../store/exitViews.js";
import {isTaken} from "./isTaken.js";
import type {StatusSources} from "./sources.js";

/** The exits of a cluster that were completed last. */
export type CompletedExits = {
  /** The latest first, whenever that was. */
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
  const latest = await readLatest(sources, clusterId, nowMs - hourMs);
  const recent = latest.filter(({completedAt = 0}) => completedAt > nowMs - hourMs);
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

/** A page at least, and pages until one ends before `sinceMs`. */
async function readLatest({exitViews, oracles}: StatusSources, clusterId: string, sinceMs: number): Promise<ExitView[]> {
  const latest: ExitView[] = [];
  for (let after: Parameters<typeof exitViews.findCompleted>[2]["after"]; latest.length < mostSeen; ) {
    const {items, next} = await exitViews.findCompleted([clusterId], oracles.current().configHash, {limit: pageSize, after});
    latest.push(...items);
    if (!next || next.at <= sinceMs) break;
    after = next;
  }
  return latest;
}
