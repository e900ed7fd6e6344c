import type {ExitStory, Lack} from "../../../schemas/status.js";
import {durationText} from "../../runtime/durationText.js";
import {printable} from "../../runtime/printable.js";
import {sharesText} from "../../status/sharesText.js";
import {todoOfLack} from "../../status/todoOfLack.js";
import {timeText} from "../timeText.js";
import {wrapped} from "../wrapped.js";
import {eventsOf} from "./eventsOf.js";
import {lacksText} from "./lacksText.js";

type Options = {readonly width?: number | undefined};

/** The life of an exit in words, to copy into a chat: when what happened, what is missing, and what to do. */
export function exitStoryText(story: ExitStory, {width}: Options = {}): string {
  const {public_key, validator_index, cluster_id} = story;
  return [
    `${public_key}, index ${validator_index}, of ${cluster_id}\n${wrapped(stateOf(story), {width})}`,
    timeline(story, width),
    missing(story, width),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function stateOf({state, at, opened_at, completed_at, is_taken, has, needs, superseded_by}: ExitStory): string {
  switch (state) {
    case "open":
      return `open for ${durationText(at - opened_at)}: ${sharesText(has, needs)}`;
    case "complete": {
      const after = completed_at === undefined ? "" : ` after ${durationText(completed_at - opened_at)}`;
      return `complete${after}${is_taken === false ? ", not taken yet by everybody who asked" : ""}`;
    }
    case "superseded":
      return `superseded${superseded_by === undefined ? "" : `: the key's exit is now that of index ${superseded_by}`}`;
    case "rejected":
      return `rejected: too many sidecars refuse; ${sharesText(has, needs)}`;
    case "expired":
      return `expired: too few sidecars signed in time, ${sharesText(has, needs)}; ask again once they run`;
  }
}

function timeline(story: ExitStory, width: number | undefined): string {
  const events = eventsOf(story);
  const rows = events.map(({ms, what}, position) => {
    const before = events[position - 1];
    const gap = before === undefined ? "" : `+ ${durationText(ms - before.ms)}`;
    return {head: `${timeText(ms, story.at, "milliseconds")}  ${gap.padEnd(8)}  `, what};
  });
  const longest = Math.max(0, ...rows.map(({head}) => head.length));
  return rows
    .map(({head, what}) => wrapped(head.padStart(longest) + printable(what), {width, indent: " ".repeat(longest)}))
    .join("");
}

function missing({state, lacks, refusals, at}: ExitStory, width: number | undefined): string {
  if (lacks.length === 0 || state === "complete" || state === "superseded") return "";
  const reasonOf = ({why, share_index}: Lack): string => {
    const refusal = why === "refused" ? refusals.find((it) => it.share_index === share_index) : undefined;
    return refusal ? `: ${printable(refusal.reason)}` : "";
  };
  const lines = lacks.map(
    (lack) =>
      wrapped(`  ${lacksText([lack], at)}${reasonOf(lack)}`, {width, indent: "    "}) +
      wrapped(`    ${todoOfLack(lack)}`, {width, indent: "    "}),
  );
  return `missing:\n${lines.join("")}`;
}
