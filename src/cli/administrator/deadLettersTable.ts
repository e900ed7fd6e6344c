import type {StoredLetter} from "../../messaging/deadLetters.js";
import {printable} from "../../runtime/printable.js";
import {shortened, toColumns} from "../columns.js";

const headings = ["seq", "time", "stream", "participant", "code", "exit", "reason"] as const;

/** For people: one line for each letter, in columns; the text comes from strangers. */
export function toTable(letters: readonly StoredLetter[]): string {
  const rows = [[...headings], ...letters.map(toRow)];
  return toColumns(rows.map((row) => row.map((cell) => cell || "-")));
}

function toRow({seq, timeMs, subject, letter}: StoredLetter): string[] {
  const [, , , stream = "", participant = ""] = subject.split(".");
  const {code, exit = "", reason} = letter ?? {code: "?", reason: "this message is not a dead letter"};
  return [String(seq), new Date(timeMs).toISOString(), stream, participant, code, shortened(exit), reason].map(printable);
}

/** For programs: one JSON object on each line, in ASCII, so that a terminal can show it safely. */
export const toJsonLines = (letters: readonly StoredLetter[]): string =>
  letters
    .map(({seq, timeMs, subject, letter}) => JSON.stringify({seq, time: new Date(timeMs).toISOString(), on: subject, ...letter}))
    .map((line) => `${line.replace(/[^\x20-\x7e]/g, toEscape)}\n`)
    .join("");

const toEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
