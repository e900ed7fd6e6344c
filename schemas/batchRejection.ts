import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {BatchId, RejectionCode, Sentence} from "./fields.js";
import {operatorHead} from "./heads.js";

/** The relayer refuses a batch as a whole. If the batch has no readable id, batch_id is derived from its bytes. */
export const BatchRejection = Type.Object(
  {...operatorHead, batch_id: BatchId, code: RejectionCode, reason: Sentence},
  {$id: "dvt.v2.batch_rejection", additionalProperties: false},
);
export type BatchRejection = Static<typeof BatchRejection>;

export const batchRejection = defineMessage({
  name: "batch_rejection",
  schema: BatchRejection,
  stream: "COMPLETIONS",
  maxBytes: 4096,
  subject: ({network, operator_id, batch_id}) => `dvt.v2.completions.${network}.${operator_id}.batch.${batch_id}`,
});
