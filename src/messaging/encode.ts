import type {Static, TSchema} from "typebox";
import type {Message} from "../../schemas/defineMessage.js";
import {DvtError} from "../errors.js";
import {decode} from "./decode.js";

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
    if (!subjects.test(subject)) throw new DvtError("OUTGOING_MALFORMED", "its subject is not valid");
    decode(message, subject, data);
  } catch (cause) {
    throw new DvtError("OUTGOING_MALFORMED", `publish ${message.name}: ${(cause as Error).message}`, {cause});
  }
  return {subject, data};
}
