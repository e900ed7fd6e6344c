import {printable} from "./printable.js";

/** A message's `reason`, which others store and show: one line of printable ASCII, of at most 1,024 characters. */
export const toSentence = (text: string): string => printable(text.slice(0, 1024)) || "-";
