import {Type} from "typebox";
import {describe, expect, it} from "vitest";
import {defineMessage} from "../../../schemas/defineMessage.js";
import {ExitRequest, exitRequest} from "../../../schemas/exitRequest.js";
import {TimestampMs} from "../../../schemas/fields.js";
import {decode} from "../../../src/messaging/decode.js";
import {aDeposit, anExitRequest, toBytes} from "../../support/examples/messages.js";

const encode = (payload: unknown): Uint8Array => toBytes(JSON.stringify(payload));

const {deposit: _, ...beforeDeposits} = ExitRequest.properties;
/** The message as it was before it had an optional deposit. */
const older = defineMessage({
  ...exitRequest,
  schema: Type.Object(beforeDeposits, {additionalProperties: false}),
  subject: (payload) => exitRequest.subject(payload),
});

/** The message as a later version may have it. */
const newer = defineMessage({
  ...exitRequest,
  schema: Type.Object({...ExitRequest.properties, a_later_field: Type.Optional(TimestampMs)}, {additionalProperties: false}),
  subject: (payload) => exitRequest.subject(payload),
});

describe("an optional field that a message got later", () => {
  const withField = {...anExitRequest(), a_later_field: 1_700_000_000_000};
  const subject = exitRequest.subject(anExitRequest());

  it.each([
    {id: "as before deposits", reader: older, payload: anExitRequest({deposit: aDeposit()}), field: "deposit"},
    {id: "of today", reader: exitRequest, payload: withField, field: "a_later_field"},
  ])("is refused by a reader $id, which names it", ({reader, payload, field}) => {
    expect(() => decode(reader, subject, encode(payload))).toThrow(
      expect.objectContaining({code: "MESSAGE_MALFORMED", message: expect.stringContaining(`unknown fields: ${field}`)}),
    );
  });

  it.each([
    {id: "before deposits, by one of today", reader: exitRequest},
    {id: "today, by a later one", reader: newer},
  ])("is not needed: what was written $id is read as it is", ({reader}) => {
    expect(decode(reader, subject, encode(anExitRequest()))).toEqual(anExitRequest());
  });

  it("is read by a reader that has it", () => {
    expect(decode(newer, subject, encode(withField))).toEqual(withField);
  });
});
