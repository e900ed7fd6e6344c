import {printable} from "./printable.js";

/** Makes the `reason` of a message, which others store and show: one line of printable ASCII of at most 1,024 characters. */
export const toSentence = (text: string): string => printable(text.slice(0, 1024)) || "-";
