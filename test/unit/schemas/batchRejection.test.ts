import {batchRejection} from "../../../schemas/batchRejection.js";
import type {Message} from "../../../schemas/defineMessage.js";
import {describeMessage, invalidOf} from "../../support/examples/messages.js";

const aBatchRejection = (change: object = {}): object => ({
  network: "hoodi",
  operator_id: "vault-1",
  batch_id: "batch-1",
  code: "MESSAGE_MALFORMED",
  reason: "decode exit_batch: not JSON",
  ...change,
});

describeMessage(batchRejection as Message, {
  valid: [
    {id: "a batch's own id", payload: aBatchRejection()},
    {id: "an id derived from its bytes", payload: aBatchRejection({batch_id: `sha256-${"0a".repeat(16)}`})},
  ],
  invalid: [
    ...invalidOf(aBatchRejection()),
    {id: "a batch_id that is two tokens", payload: aBatchRejection({batch_id: "batch.1"})},
    {id: "a code with a space", payload: aBatchRejection({code: "NOT JSON"})},
    {id: "a reason that is no text", payload: aBatchRejection({reason: 7})},
  ],
});
