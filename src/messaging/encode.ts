import type {Static, TSchema} from "typebox";
import type {Message} from "../../schemas/defineMessage.js";
import {DvtError} from "../errors.js";
import {assertFits, upperCaseHex} from "./decode.js";

/** A message as it is published. */
export type Outgoing = {readonly subject: string; readonly data: Uint8Array};

/** A line break in a subject would be a command to the server; a space or a wildcard would make it another subject. */
const subjects = /^dvt\.v2(\.[A-Za-z0-9_-]+)+$/;
const utf8 = new TextEncoder();

/**
 * Encodes a message and builds its subject. OUTGOING_MALFORMED if readers would reject it: parts of it come from files and databases
 * that others can write.
 */
export function encode<S extends TSchema>(message: Message<S>, payload: Static<S>): Outgoing {
  const subject = message.subject(payload);
  const data = utf8.encode(JSON.stringify(payload));
  try {
    // Readers have hex in lower case, and so the subject that they build.
    if (!subjects.test(subject) || upperCaseHex.test(subject))
      throw new DvtError("OUTGOING_MALFORMED", "its subject is not valid");
    if (data.length > message.maxBytes)
      throw new DvtError("OUTGOING_MALFORMED", `${data.length} bytes, more than ${message.maxBytes}`);
    // Not decoded again: that would take longer than all else of a long message.
    assertFits(message, payload);
  } catch (cause) {
    throw new DvtError("OUTGOING_MALFORMED", `publish ${message.name}: ${(cause as Error).message}`, {cause});
  }
  return {subject, data};
}
