import {maxPageSize, type Question} from "../../schemas/query.js";
import type {ExitsPage} from "../../schemas/status.js";
import {createSharesOf} from "./clusterShares.js";
import {exitList, type Listed, prefixList, type ReadPart} from "./exitLists.js";
import type {Sight} from "./sight.js";
import type {StatusSources} from "./sources.js";

type ExitsQuestion = Extract<Question, {kind: "exits"}>;

/** Exits of more requests are left to the next page, however few fit. */
const mostSeen = 1000;
/** Nor more than fit into an answer. */
const mostBytes = 900_000;

/** A page of the exits of a state: at most 1,000 are looked at. MESSAGE_MALFORMED, STORE_UNAVAILABLE. */
export async function readExits(sources: StatusSources, sight: Sight, question: ExitsQuestion): Promise<ExitsPage> {
  const {state, cluster_id, public_key: prefix, older_than_ms = 0, cursor, limit = maxPageSize} = question;
  const at = sources.clock.now();
  const clusterIds = sight.clusters.map(({id}) => id).filter((id) => cluster_id === undefined || id === cluster_id);
  const options = {clusterIds, sharesOf: createSharesOf(sources, at), limit: maxPageSize};
  const read = prefix === undefined ? exitList(sources, state, options) : prefixList(sources, prefix, options);
  const isAsked = ({line}: Listed): boolean => line.state === state && line.opened_at <= at - older_than_ms;
  const {listed, next} = await readSome(read, {isAsked, after: cursor, limit});
  return {at, exits: listed.map(({line}) => line), ...(next !== undefined && {cursor: next})};
}

type Wanted = {readonly isAsked: (listed: Listed) => boolean; readonly after: string | undefined; readonly limit: number};

/** Reads parts until so many are found, or enough was looked at. */
async function readSome(read: ReadPart, {isAsked, after, limit}: Wanted): Promise<{listed: Listed[]; next: string | undefined}> {
  const listed: Listed[] = [];
  let next = after;
  let bytes = 0;
  for (let seen = 0; seen < mostSeen; seen += maxPageSize) {
    const part = await read(next);
    for (const it of part.listed) {
      if (!isAsked(it)) continue;
      bytes += Buffer.byteLength(JSON.stringify(it.line));
      if (listed.length === limit || bytes > mostBytes) return {listed, next: listed.at(-1)?.cursor};
      listed.push(it);
    }
    next = part.next;
    if (next === undefined || listed.length === limit) break;
  }
  return {listed, next: next !== undefined && listed.length === limit ? listed.at(-1)?.cursor : next};
}
