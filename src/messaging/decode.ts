import type {Static, TSchema} from "typebox";
import {Compile} from "typebox/schema";
import type {Message} from "../../schemas/defineMessage.js";
import {DvtError} from "../errors.js";
import {problemsOf} from "../runtime/problems.js";

const validators = new WeakMap<Message, {Check(value: unknown): boolean}>();

/**
 * Parses and checks a payload, and returns it with hex in lower case. MESSAGE_MALFORMED names the field that does not fit.
 * [TERMINATE] The payload must belong on the subject it arrived on (SUBJECT_MISMATCH): permissions guard the subject only.
 */
export function decode<S extends TSchema>(message: Message<S>, subject: string, data: Uint8Array): Static<S> {
  // [TERMINATE] The stream has a limit too, but whoever runs the bus could lift it.
  if (data.length > message.maxBytes) {
    throw new DvtError("MESSAGE_MALFORMED", `decode ${message.name}: ${data.length} bytes, more than ${message.maxBytes}`);
  }
  const payload = assertFits(message, parseJson(data));
  const itsSubject = message.subject(payload);
  if (itsSubject !== subject)
    throw new DvtError("SUBJECT_MISMATCH", `decode ${message.name}: it belongs on ${itsSubject}, not on ${subject}`);
  return payload;
}

/** MESSAGE_MALFORMED names the first field that does not fit the message's schema. */
export function assertFits<S extends TSchema>(message: Message<S>, value: unknown): Static<S> {
  const validator = validators.get(message as Message) ?? compile(message as Message);
  if (validator.Check(value)) return value as Static<S>;
  const [first = "it does not fit", ...rest] = problemsOf(message.schema, value);
  const more = rest.length > 0 ? ` (and ${rest.length} more)` : "";
  throw new DvtError("MESSAGE_MALFORMED", `decode ${message.name}: ${first.slice(0, 400)}${more}`);
}

function compile(message: Message): {Check(value: unknown): boolean} {
  const validator = Compile(message.schema);
  validators.set(message, validator);
  return validator;
}

const utf8 = new TextDecoder("utf-8", {fatal: true});

function parseJson(data: Uint8Array): unknown {
  try {
    const text = utf8.decode(data);
    // Nearly all hex is in lower case already, and visiting every value takes longer than parsing.
    return upperCaseHex.test(text)
      ? JSON.parse(text, (_, value) => (isHex(value) ? value.toLowerCase() : value))
      : JSON.parse(text);
  } catch {
    throw new DvtError("MESSAGE_MALFORMED", "decode: not JSON");
  }
}

/** Matches text with hex in upper case. */
export const upperCaseHex = /0x[0-9a-f]*[A-F]/;

/** Hex on the bus has 20 bytes, or 32 and more; ids, which keep their case, are shorter, and base64 may begin with 0x too. */
const isHex = (value: unknown): value is string =>
  typeof value === "string" && /^0x([0-9a-fA-F]{40}|[0-9a-fA-F]{64,})$/.test(value);
