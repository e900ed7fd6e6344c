import type {Static, TSchema} from "typebox";
import {Compile} from "typebox/compile";
import type {Message} from "../../schemas/defineMessage.js";
import {DvtError} from "../errors.js";
import {problemsOf} from "../runtime/problems.js";

const validators = new WeakMap<Message, {Check(value: unknown): boolean}>();

/**
 * What is said on the bus, checked; hex comes out in lower case. MESSAGE_MALFORMED says where it does not fit.
 * [TERMINATE] The payload belongs on the subject it came by (SUBJECT_MISMATCH): permissions guard the subject only.
 */
export function decode<S extends TSchema>(message: Message<S>, subject: string, data: Uint8Array): Static<S> {
  // [TERMINATE] The stream has its own limit; whoever runs the bus could lift that.
  if (data.length > message.maxBytes) {
    throw new DvtError("MESSAGE_MALFORMED", `decode ${message.name}: ${data.length} bytes, more than ${message.maxBytes}`);
  }
  const value = parseJson(data);
  const validator = validators.get(message as Message) ?? compile(message as Message);
  if (!validator.Check(value)) {
    const [first = "it does not fit", ...rest] = problemsOf(message.schema, value);
    const more = rest.length > 0 ? ` (and ${rest.length} more)` : "";
    throw new DvtError("MESSAGE_MALFORMED", `decode ${message.name}: ${first.slice(0, 400)}${more}`);
  }
  const payload = value as Static<S>;
  const own = message.subject(payload);
  if (own !== subject) throw new DvtError("SUBJECT_MISMATCH", `decode ${message.name}: it belongs on ${own}, not on ${subject}`);
  return payload;
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
    // Nearly all of it is in lower case already, and to visit every value takes longer than to parse.
    return upperCaseHex.test(text)
      ? JSON.parse(text, (_, value) => (isHex(value) ? value.toLowerCase() : value))
      : JSON.parse(text);
  } catch {
    throw new DvtError("MESSAGE_MALFORMED", "decode: not JSON");
  }
}

const upperCaseHex = /0x[0-9a-f]*[A-F]/;

/** Hex on the bus is 20 bytes, or 32 and more; ids, which keep their case, are shorter. Base64 may begin with 0x too. */
const isHex = (value: unknown): value is string =>
  typeof value === "string" && /^0x([0-9a-fA-F]{40}|[0-9a-fA-F]{64,})$/.test(value);
