import type {LoggerOptions} from "pino";
import {type Allowance, openBalance} from "./allowance.js";

/** What pino calls for each line. */
type LogMethod = NonNullable<NonNullable<LoggerOptions["hooks"]>["logMethod"]>;

/** The fields that name exits, or deposits, by their keys. */
const named = ["exits", "deposits"] as const;
const mostInPlain = 3;
/** In keys, of about 110 bytes; a line counts as two more. Honest work does not reach it; a flood gets 11 KB a second. */
const loggedKeys: Allowance = {burst: 100_000, perSecond: 100};
const beyondEveryMs = 1000;

/**
 * Creates the one place that decides how lines show `exits` and `deposits`: as JSON all keys, so that one grep follows an exit; in
 * plain the first three and how many there are. Of a flood, each message is logged once a second, with the number of `others`.
 */
export function createExitsHook(format: "plain" | "json", now: () => number = () => performance.now()): LogMethod {
  const balance = openBalance(loggedKeys, now);
  const beyond = new Map<unknown, {loggedAt: number; others: number}>();
  return function logMethod(args, method) {
    const [fields, message] = args as [unknown, unknown];
    const lists = typeof fields === "object" && fields !== null ? listsIn(fields) : [];
    if (lists.length === 0) return method.apply(this, args);
    const isFlood = balance.left() < 1;
    const others = isFlood ? takeOthers(beyond, message, now()) : 0;
    if (others === undefined) return undefined;
    const shown: Record<string, unknown> = {...(fields as object), ...(others > 0 && {others})};
    for (const [name, keys] of lists) shown[name] = format === "plain" || isFlood ? toText(keys) : keys;
    if (!isFlood) balance.spend(lists.reduce((sum, [, {length}]) => sum + (format === "plain" ? mostInPlain : length), 2));
    return method.call(this, shown, message as string);
  };
}

type List = readonly [name: string, keys: readonly string[]];

const listsIn = (fields: {exits?: unknown; deposits?: unknown}): List[] =>
  named.flatMap((name): List[] => (Array.isArray(fields[name]) ? [[name, fields[name]]] : []));

/** How many lines with this message were left out since the last one; undefined when this one is left out too. */
function takeOthers(beyond: Map<unknown, {loggedAt: number; others: number}>, message: unknown, at: number): number | undefined {
  const known = beyond.get(message);
  if (known && at - known.loggedAt < beyondEveryMs) {
    known.others++;
    return undefined;
  }
  beyond.set(message, {loggedAt: at, others: 0});
  return known?.others ?? 0;
}

function toText(keys: readonly string[]): string {
  const first = keys.slice(0, mostInPlain).join(", ");
  return keys.length > mostInPlain ? `${first}, … (${keys.length})` : first;
}
