import {DvtError} from "../errors.js";
import type {Cursor} from "../store/readPage.js";

/** The place in a list, as whoever asks gets it and sends it back. */
export const toCursor = ({at, id}: Cursor): string => `${at}:${id}`;

/** Reads it back. MESSAGE_MALFORMED if it is none. */
export function fromCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const [, at, id = ""] = /^(\d{1,15}):(.+)$/.exec(text) ?? [];
  if (at === undefined) throw new DvtError("MESSAGE_MALFORMED", "read a page: this is not the cursor of one");
  return {at: Number(at), id};
}
