import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {Deposit} from "./deposit.js";
import {BatchId, BlsPubkey, TimestampMs, ValidatorIndex} from "./fields.js";
import {operatorHead} from "./heads.js";

export const maxBatchSize = 1000;

/** An operator asks for the exits of these validators, each with the index it will get, and for the deposits of some. */
export const ExitBatch = Type.Object(
  {
    batch_id: BatchId,
    ...operatorHead,
    /** The same when the batch is sent again: it decides which index of a key is current. */
    requested_at: TimestampMs,
    validators: Type.Array(
      Type.Object(
        {
          public_key: BlsPubkey,
          validator_index: ValidatorIndex,
          /** To sign with the exit. */
          deposit: Type.Optional(Deposit),
        },
        {additionalProperties: false},
      ),
      {minItems: 1, maxItems: maxBatchSize},
    ),
  },
  {$id: "dvt.v1.exit_batch", additionalProperties: false},
);
export type ExitBatch = Static<typeof ExitBatch>;

export const exitBatch = defineMessage({
  name: "exit_batch",
  schema: ExitBatch,
  stream: "REQUESTS",
  maxBytes: 300 * 1024,
  subject: ({network, operator_id}) => `dvt.v1.requests.${network}.${operator_id}`,
});
