import {durationText} from "./durationText.js";

/** How long ago something was, without parts of a second: "now", "5 s ago", "12 min ago". */
export function agoText(ms: number): string {
  if (ms < 2000) return "now";
  return ms < 10_000 ? `${Math.floor(ms / 1000)} s ago` : `${durationText(ms)} ago`;
}
