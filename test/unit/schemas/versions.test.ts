import {Type} from "typebox";
import {describe, expect, it} from "vitest";
import {defineMessage} from "../../../schemas/defineMessage.js";
import {ExitRequest, exitRequest} from "../../../schemas/exitRequest.js";
import {Bytes32, TimestampMs} from "../../../schemas/fields.js";
import {Order, OrderEntry} from "../../../schemas/order.js";
import {decode} from "../../../src/messaging/decode.js";
import {aDeposit, anExitRequest, anOrder, publicKey, toBytes} from "../../support/examples/messages.js";

const encode = (payload: unknown): Uint8Array => toBytes(JSON.stringify(payload));
const closed = {additionalProperties: false} as const;

const {deposit: _, ...beforeDeposits} = OrderEntry.properties;
/** The message as it would be if entries had no optional deposit. */
const older = defineMessage({
  ...exitRequest,
  schema: Type.Object(
    {
      ...ExitRequest.properties,
      order: Type.Object(
        {...Order.properties, entries: Type.Array(Type.Union([Type.Object(beforeDeposits, closed), Bytes32]))},
        closed,
      ),
    },
    closed,
  ),
  subject: (payload) => exitRequest.subject(payload as ExitRequest),
});

/** The message as a later version may have it. */
const newer = defineMessage({
  ...exitRequest,
  schema: Type.Object({...ExitRequest.properties, a_later_field: Type.Optional(TimestampMs)}, closed),
  subject: (payload) => exitRequest.subject(payload),
});

describe("an optional field that a message got later", () => {
  const withField = {...anExitRequest(), a_later_field: 1_700_000_000_000};
  const withDeposit = anExitRequest({
    order: anOrder({entries: [{public_key: publicKey, validator_index: 42, deposit: aDeposit()}]}),
  });
  const subject = exitRequest.subject(anExitRequest());

  it.each([
    {id: "before deposits", reader: older, payload: withDeposit, field: "deposit"},
    {id: "of today", reader: exitRequest, payload: withField, field: "a_later_field"},
  ])("is refused by a reader $id, which names it", ({reader, payload, field}) => {
    expect(() => decode(reader, subject, encode(payload))).toThrow(
      expect.objectContaining({code: "MESSAGE_MALFORMED", message: expect.stringContaining(`unknown fields: ${field}`)}),
    );
  });

  it.each([
    {id: "before deposits, by one of today", reader: exitRequest},
    {id: "today, by one before deposits", reader: older},
    {id: "today, by a later one", reader: newer},
  ])("is not needed: what was written $id is read as it is", ({reader}) => {
    expect(decode(reader, subject, encode(anExitRequest()))).toEqual(anExitRequest());
  });

  it("is read by a reader that has it", () => {
    expect(decode(newer, subject, encode(withField))).toEqual(withField);
  });
});
