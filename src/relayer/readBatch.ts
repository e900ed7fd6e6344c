import {createHash} from "node:crypto";
import {type ExitBatch, exitBatch} from "../../schemas/exitBatch.js";
import {patterns} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";

const allowedClockLeadMs = 60_000;

/** Decodes a batch. MESSAGE_MALFORMED, SUBJECT_MISMATCH, REQUESTED_AT_AHEAD and PUBLIC_KEY_REPEATED reject it whole. */
export function readBatch({subject, data, timestampMs}: Delivery): ExitBatch {
  const batch = decode(exitBatch, subject, data);
  // [TERMINATE] requested_at decides which index is current: one in the future could not be corrected until that time.
  const leadMs = batch.requested_at - timestampMs;
  if (leadMs > allowedClockLeadMs) {
    throw new DvtError(
      "REQUESTED_AT_AHEAD",
      `requested_at is ${Math.round(leadMs / 1000)} s ahead of the bus's clock; set the operator's`,
    );
  }
  const seen = new Set<string>();
  for (const {public_key} of batch.validators) {
    if (seen.has(public_key)) throw new DvtError("PUBLIC_KEY_REPEATED", `${public_key} appears twice in the batch`);
    seen.add(public_key);
  }
  return batch;
}

/** The batch_id if it can be read; otherwise an id derived from the bytes, the same for every redelivery. */
export function batchIdOf(data: Uint8Array): string {
  try {
    const {batch_id} = JSON.parse(new TextDecoder().decode(data));
    if (typeof batch_id === "string" && new RegExp(patterns.batchId).test(batch_id)) return batch_id;
  } catch {
    // Not JSON: it has no id.
  }
  return `sha256-${createHash("sha256").update(data).digest("hex").slice(0, 32)}`;
}
