import type {ExitState} from "../../schemas/query.js";
import type {PageQuestion} from "./pageState.js";

/** Which exits a list shows. */
export type ExitFilter = {
  readonly state: ExitState;
  readonly cluster?: string;
  /** A key, or its first characters. */
  readonly key?: string;
  /** Only exits that were asked for at least this long ago. */
  readonly older?: Age;
  /** Where the page before ended. */
  readonly after?: string;
};

/** A page of the console. Each has a URL of its own, which shows the same to everybody. */
export type Place =
  | {readonly page: "overview"}
  | {readonly page: "cluster"; readonly cluster: string}
  | {readonly page: "shareIndex"; readonly cluster: string; readonly shareIndex: number}
  | {readonly page: "exits"; readonly filter: ExitFilter}
  | {readonly page: "exit"; readonly key: string; readonly index?: number}
  | {readonly page: "deadLetters"; readonly after?: string}
  | {readonly page: "system"};

/** The ages that a list can be limited to, in milliseconds. */
export const ages = {"1m": 60_000, "10m": 600_000, "1h": 3_600_000, "1d": 86_400_000} as const;
export type Age = keyof typeof ages;

export const exitStates = ["open", "complete", "rejected", "superseded", "expired"] as const satisfies readonly ExitState[];
/** Exits in a list, and dead letters. */
const pageSize = 100;

const isId = (text: string): boolean => /^[a-z0-9_-]{1,32}$/.test(text);
const isKey = (text: string): boolean => /^0x[0-9a-fA-F]{96}$/.test(text);
const isPrefix = (text: string): boolean => /^0x[0-9a-fA-F]{0,96}$/.test(text);
const isCursor = (text: string): boolean => /^[A-Za-z0-9:._-]{1,256}$/.test(text);
const isNumber = (text: string): boolean => /^(0|[1-9][0-9]{0,14})$/.test(text);
const isOneOf = <T extends string>(choices: readonly T[], text: string): text is T => choices.some((it) => it === text);

/** The place of a path with its query; undefined if there is none. */
export function readPlace(url: string): Place | undefined {
  const [path = "", query = ""] = url.split("?");
  const parts = path.split("/").slice(1);
  // An empty field of a form counts as none.
  const fields = new Map([...new URLSearchParams(query)].filter(([, value]) => value !== ""));
  const [first = "", second, third] = parts;
  if (parts.length === 1) {
    if (first === "") return {page: "overview"};
    if (first === "system") return {page: "system"};
    if (first === "dead-letters") return readDeadLetters(fields);
    if (first === "exits") return readExits(fields);
  }
  if (parts.length === 2 && first === "exits" && second !== undefined) return readExit(second, fields.get("index"));
  if (first !== "clusters" || second === undefined || !isId(second)) return undefined;
  if (parts.length === 2) return {page: "cluster", cluster: second};
  if (parts.length !== 3 || third === undefined || !isNumber(third)) return undefined;
  return {page: "shareIndex", cluster: second, shareIndex: Number(third)};
}

function readDeadLetters(fields: ReadonlyMap<string, string>): Place | undefined {
  const after = fields.get("after");
  if (after === undefined) return {page: "deadLetters"};
  return isCursor(after) ? {page: "deadLetters", after} : undefined;
}

function readExits(fields: ReadonlyMap<string, string>): Place | undefined {
  const {state = "open", cluster, key, older, after} = Object.fromEntries(fields);
  if (!isOneOf(exitStates, state)) return undefined;
  if (cluster !== undefined && !isId(cluster)) return undefined;
  const prefix = key === undefined ? undefined : toPrefix(key);
  if (prefix !== undefined && !isPrefix(prefix)) return undefined;
  if (older !== undefined && !isOneOf(Object.keys(ages) as Age[], older)) return undefined;
  if (after !== undefined && !isCursor(after)) return undefined;
  const given = {
    ...(cluster !== undefined && {cluster}),
    ...(prefix !== undefined && {key: prefix}),
    ...(older !== undefined && {older}),
    ...(after !== undefined && {after}),
  };
  return {page: "exits", filter: {state, ...given}};
}

/** What people paste: with blanks around it, in upper case, or without 0x. */
function toPrefix(text: string): string {
  const hex = text.trim().toLowerCase();
  return hex.startsWith("0x") ? hex : `0x${hex}`;
}

function readExit(key: string, index: string | undefined): Place | undefined {
  if (!isKey(key) || (index !== undefined && !isNumber(index))) return undefined;
  return {page: "exit", key: key.toLowerCase(), ...(index !== undefined && {index: Number(index)})};
}

/** The path and the query of a place. */
export function urlOf(place: Place): string {
  switch (place.page) {
    case "overview":
      return "/";
    case "cluster":
      return `/clusters/${place.cluster}`;
    case "shareIndex":
      return `/clusters/${place.cluster}/${place.shareIndex}`;
    case "exits":
      return withQuery("/exits", {...place.filter, state: place.filter.state === "open" ? undefined : place.filter.state});
    case "exit":
      return withQuery(`/exits/${place.key}`, {index: place.index?.toString()});
    case "deadLetters":
      return withQuery("/dead-letters", {after: place.after});
    case "system":
      return "/system";
  }
}

function withQuery(path: string, fields: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(Object.fromEntries(given))}`;
}

/** What the relayer is asked for a place. Every page shows who is there and what needs attention, so all share one question. */
export function questionsOf(place: Place): PageQuestion[] {
  const status: PageQuestion = {kind: "status"};
  switch (place.page) {
    case "exits":
      return [status, toQuestion(place.filter)];
    case "exit": {
      const {key, index} = place;
      return [status, {kind: "exit", public_key: key, ...(index !== undefined && {validator_index: index})}];
    }
    case "deadLetters":
      return [status, {kind: "dead_letters", limit: pageSize, ...(place.after !== undefined && {cursor: place.after})}];
    default:
      return [status];
  }
}

function toQuestion({state, cluster, key, older, after}: ExitFilter): PageQuestion {
  return {
    kind: "exits",
    state,
    limit: pageSize,
    ...(cluster !== undefined && {cluster_id: cluster}),
    ...(key !== undefined && {public_key: key}),
    ...(older !== undefined && {older_than_ms: ages[older]}),
    ...(after !== undefined && {cursor: after}),
  };
}
