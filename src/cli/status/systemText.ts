import type {Status} from "../../../schemas/status.js";
import {agoText} from "../../runtime/agoText.js";
import {durationText} from "../../runtime/durationText.js";
import {wrapped} from "../wrapped.js";
import {rolesTable} from "./rolesTable.js";
import {streamsText} from "./streamsText.js";

type Options = {readonly width: number | undefined};

/** The roles, the oracle set, and what waits; only what whoever asked may see. */
export function systemText(status: Status, {width}: Options): string {
  const facts = factsOf(status).map((it) => wrapped(it, {width, indent: "  "}));
  return [rolesTable(status.roles, {at: status.at, width}), facts.join(""), streamsText(status.streams, {width})]
    .filter((it) => it !== "")
    .join("\n");
}

function factsOf({oracles, dead_letters, results_owed, keys_left, at}: Status): string[] {
  return [
    ...(oracles ? [oraclesText(oracles, at)] : []),
    ...(dead_letters ? [deadLettersText(dead_letters, at)] : []),
    ...(results_owed ? [resultsOwedText(results_owed, at)] : []),
    ...keys_left.map(({vault, keys}) => `keys left: ${keys} of ${vault}`),
  ];
}

type Part<K extends keyof Status> = Exclude<Status[K], undefined>;

function oraclesText({config_hash, oracles, threshold, source, since, checked_at}: Part<"oracles">, at: number): string {
  const checked = checked_at === undefined ? "" : `, checked ${agoText(at - checked_at)}`;
  const from = source === "file" ? "from a file" : "from the chain";
  return `oracles: ${threshold} of ${oracles}, set ${config_hash.slice(0, 10)} for ${durationText(at - since)}, ${from}${checked}`;
}

function deadLettersText({total, last_hour, newest_at}: Part<"dead_letters">, at: number): string {
  if (total === 0) return "dead letters: none";
  const newest = newest_at === undefined ? "" : `, the newest ${agoText(at - newest_at)}`;
  return `dead letters: ${total}, ${last_hour} within the last hour${newest} (dvt dead-letters list)`;
}

function resultsOwedText({results, oldest_since}: Part<"results_owed">, at: number): string {
  if (results === 0) return "results owed: none";
  return `results owed: ${results}${oldest_since === undefined ? "" : `, the oldest for ${durationText(at - oldest_since)}`}`;
}
