import type {ExitState} from "../../schemas/query.js";
import type {ExitLine} from "../../schemas/status.js";
import {DvtError} from "../errors.js";
import {type ExitId, exitKeyOf, validatorKeyOf} from "../exits/exitId.js";
import type {ExitView} from "../store/exitViews.js";
import type {PageRequest} from "../store/readPage.js";
import type {StoredRequest} from "../store/requestDocument.js";
import type {ClusterShares} from "./clusterShares.js";
import {fromCursor, toCursor} from "./cursor.js";
import type {StatusSources} from "./sources.js";
import {toLine, toSupersededLine} from "./toLine.js";

/** An exit of a list, and the cursor of what comes after it. */
export type Listed = {readonly line: ExitLine; readonly cursor: string};
/** A part of a list, and the cursor of the next part, if there may be one. */
export type Part = {readonly listed: readonly Listed[]; readonly next: string | undefined};
/** Reads part of a list. */
export type ReadPart = (after: string | undefined) => Promise<Part>;

type ListOptions = {
  readonly clusterIds: readonly string[];
  readonly sharesOf: (clusterId: string) => ClusterShares | undefined;
  readonly limit: number;
};

/** The list of all exits of a state, or of several that have to be told apart. Each is read by an index. */
export function exitList(sources: StatusSources, state: ExitState, options: ListOptions): ReadPart {
  const {requestViews} = sources;
  switch (state) {
    case "complete":
      return completedList(sources, options);
    case "superseded":
      return supersededList(sources, options);
    case "expired":
      return requestList(sources, options, requestViews.findExpired);
    default:
      return requestList(sources, options, requestViews.findOpen);
  }
}

const viewsOf = ({exitViews, oracles}: StatusSources, exits: readonly ExitId[]): Promise<ReadonlyMap<string, ExitView>> =>
  exitViews.findAll(exits, oracles.current().configHash);

type FindRequests = (
  clusterIds: readonly string[],
  page: PageRequest,
) => Promise<{items: readonly StoredRequest[]; next: {at: number; id: string} | undefined}>;

function requestList(sources: StatusSources, options: ListOptions, find: FindRequests): ReadPart {
  const {network} = sources;
  return async (after) => {
    const {items, next} = await find(options.clusterIds, {limit: options.limit, after: fromCursor(after)});
    const lines = await toLines(sources, items, options);
    return {
      listed: lines.map((line) => ({
        line,
        cursor: toCursor({at: line.opened_at, id: validatorKeyOf({network, publicKey: line.public_key})}),
      })),
      next: next && toCursor(next),
    };
  };
}

/** The requests that whoever asks may see, each with what was collected of it. */
export async function toLines(
  sources: StatusSources,
  heads: readonly StoredRequest[],
  {clusterIds, sharesOf}: Pick<ListOptions, "clusterIds" | "sharesOf">,
): Promise<ExitLine[]> {
  const {network} = sources;
  const seen = heads.filter(({requesters, clusterId}) => requesters.size > 0 && clusterIds.includes(clusterId));
  const exits = seen.map(({publicKey, validatorIndex}) => ({network, publicKey, validatorIndex}));
  const views = await viewsOf(sources, exits);
  return seen.flatMap((head, position) => {
    const shares = sharesOf(head.clusterId);
    return shares ? [toLine(head, views.get(exitKeyOf(exits[position] as ExitId)), shares)] : [];
  });
}

function completedList(sources: StatusSources, {clusterIds, sharesOf, limit}: ListOptions): ReadPart {
  const {network, requests, exitViews, oracles} = sources;
  return async (after) => {
    const page = {limit, after: fromCursor(after)};
    const {items, next} = await exitViews.findCompleted(clusterIds, oracles.current().configHash, page);
    const heads = await requests.findAll(items.map(({publicKey}) => ({network, publicKey})));
    const listed = items.flatMap((view): Listed[] => {
      const {publicKey, validatorIndex, completedAt = 0} = view;
      const head = heads.get(validatorKeyOf({network, publicKey}));
      const shares = sharesOf(view.clusterId);
      if (!head || head instanceof DvtError || !shares || head.validatorIndex !== validatorIndex) return [];
      const cursor = toCursor({at: completedAt, id: exitKeyOf({network, publicKey, validatorIndex})});
      return [{line: toLine(head, view, shares), cursor}];
    });
    return {listed, next: next && toCursor(next)};
  };
}

function supersededList(sources: StatusSources, {clusterIds, sharesOf, limit}: ListOptions): ReadPart {
  const {network, requestViews} = sources;
  return async (after) => {
    const {items, next} = await requestViews.findSuperseded(clusterIds, {limit, after: fromCursor(after)});
    const exits = items.map(({publicKey, validatorIndex}) => ({network, publicKey, validatorIndex}));
    const views = await viewsOf(sources, exits);
    const listed = items.flatMap((item, position): Listed[] => {
      const shares = sharesOf(item.clusterId);
      if (!shares) return [];
      const cursor = toCursor({at: item.supersededAt, id: validatorKeyOf({network, publicKey: item.publicKey})});
      return [{line: toSupersededLine(item, views.get(exitKeyOf(exits[position] as ExitId)), shares), cursor}];
    });
    return {listed, next: next && toCursor(next)};
  };
}

/** The current exits of keys that begin like this, by public key. */
export function prefixList(sources: StatusSources, prefix: string, options: ListOptions): ReadPart {
  const {limit, clusterIds} = options;
  return async (after) => {
    const heads = await sources.requestViews.findByPrefix(prefix.toLowerCase(), {clusterIds, limit, after});
    const lines = await toLines(sources, heads, options);
    const last = heads.at(-1)?.publicKey;
    return {
      listed: lines.map((line) => ({line, cursor: line.public_key})),
      next: heads.length === limit ? last : undefined,
    };
  };
}
