import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {BatchId, Ed25519Signature, TimestampMs} from "./fields.js";
import {operatorHead} from "./heads.js";
import {maxOrderSize, OrderEntry} from "./order.js";

export const maxBatchSize = 1000;

/** An operator asks for the exits of these validators, each with the index it will get, and for the deposits of some. */
export const ExitBatch = Type.Object(
  {
    batch_id: BatchId,
    ...operatorHead,
    /** The same when the batch is sent again: it decides which index of a key is current. */
    requested_at: TimestampMs,
    validators: Type.Array(OrderEntry, {minItems: 1, maxItems: maxBatchSize}),
    /** The operator's signature of each order: the first 64 validators are one, the next 64 another. */
    order_signatures: Type.Array(Ed25519Signature, {minItems: 1, maxItems: Math.ceil(maxBatchSize / maxOrderSize)}),
  },
  {$id: "dvt.v2.exit_batch", additionalProperties: false},
);
export type ExitBatch = Static<typeof ExitBatch>;

export const exitBatch = defineMessage({
  name: "exit_batch",
  schema: ExitBatch,
  stream: "REQUESTS",
  maxBytes: 304 * 1024,
  subject: ({network, operator_id}) => `dvt.v2.requests.${network}.${operator_id}`,
});
