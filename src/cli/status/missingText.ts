import type {Missing} from "../../../schemas/status.js";
import {countText} from "../../runtime/countText.js";
import {sharesText} from "../../status/sharesText.js";
import {timeText} from "../timeText.js";
import {lacksText} from "./lacksText.js";

/** What these exits have, and whose turn it is, in one line; `at` is when that was so. */
export function missingText({exits, opened_at, has, needs, lacks}: Omit<Missing, "first">, at: number): string {
  const since = `${countText(exits, "exit")} open since ${timeText(opened_at, at)}`;
  return [`${since}: ${sharesText(has, needs)}`, ...(lacks.length > 0 ? [lacksText(lacks, at)] : [])].join("; ");
}
