import type {ExitStory} from "../../../schemas/status.js";
import {durationText} from "../../runtime/durationText.js";
import {sharesText} from "../../status/sharesText.js";
import {eventsOf} from "./eventsOf.js";
import {lacksText} from "./lacksText.js";
import {utcText} from "./timeText.js";

/** The life of an exit in words, to copy into a chat: its times are in UTC, because the others may be anywhere. */
export function storyText(story: ExitStory, at: number): string {
  const {public_key, validator_index, cluster_id, has, needs, lacks} = story;
  const events = eventsOf(story);
  const happened = events
    .flatMap((event) => (event.at === undefined ? [] : [{...event, at: event.at}]))
    .sort((a, b) => a.at - b.at)
    .map(({at: when, name, note}) => `${utcText(when)}  ${name}${note === undefined ? "" : ` ${note}`}`);
  const turn = story.state === "open" && lacks.length > 0 ? [lacksText(lacks, {at, zone: "UTC"})] : [];
  return [
    `exit ${public_key} index ${validator_index} of cluster ${cluster_id}: ${stateText(story, at)}, ${sharesText(has, needs)}`,
    ...turn.map((it) => `whose turn it is (times in UTC): ${it}`),
    ...happened,
  ].join("\n");
}

function stateText({state, opened_at, completed_at}: ExitStory, at: number): string {
  if (state === "open") return `open for ${durationText(at - opened_at)}`;
  return state === "complete" && completed_at !== undefined ? `complete after ${durationText(completed_at - opened_at)}` : state;
}
