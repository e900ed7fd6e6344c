import {createHash} from "node:crypto";
import {type ExitBatch, exitBatch} from "../../schemas/exitBatch.js";
import {patterns} from "../../schemas/fields.js";
import type {OrderEntry} from "../../schemas/order.js";
import {DvtError} from "../errors.js";
import {cutIntoOrders, entryDigestOf, orderIdOf} from "../exits/order.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {isOrderSigned} from "../policy/isOrderSigned.js";
import type {StoredOrder} from "../store/orders.js";

const allowedClockLeadMs = 60_000;

/** An order of a batch: its id, what its operator signed, and its entries. */
export type BatchOrder = {readonly id: string; readonly order: StoredOrder; readonly entries: readonly OrderEntry[]};

/** A batch, and its validators as the orders that its operator signed. */
export type ReadBatch = {readonly batch: ExitBatch; readonly orders: readonly BatchOrder[]};

/**
 * Decodes a batch and verifies its orders with the operator's nkey. MESSAGE_MALFORMED, SUBJECT_MISMATCH, REQUESTED_AT_AHEAD,
 * PUBLIC_KEY_REPEATED and ORDER_INVALID reject it whole.
 */
export async function readBatch({subject, data, timestampMs}: Delivery, nkey: string): Promise<ReadBatch> {
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
  for (const {public_key, deposit, rotation} of batch.validators) {
    if (seen.has(public_key)) throw new DvtError("PUBLIC_KEY_REPEATED", `${public_key} appears twice in the batch`);
    seen.add(public_key);
    if (deposit && rotation) throw new DvtError("MESSAGE_MALFORMED", `${public_key} is a rotation and has a deposit`);
  }
  return {batch, orders: await readOrders(batch, nkey)};
}

async function readOrders(batch: ExitBatch, nkey: string): Promise<BatchOrder[]> {
  const {network, operator_id: operatorId, requested_at: requestedAt, order_signatures: signatures} = batch;
  const cut = cutIntoOrders(batch.validators);
  if (cut.length !== signatures.length) {
    throw new DvtError(
      "MESSAGE_MALFORMED",
      `order_signatures has ${signatures.length} signatures for ${batch.validators.length} validators: it needs ${cut.length}`,
    );
  }
  return Promise.all(
    cut.map(async (entries, position) => {
      const signature = signatures[position] as string;
      const publicKeys = entries.map(({public_key}) => public_key);
      const order = {network, operatorId, requestedAt, digests: entries.map(entryDigestOf), publicKeys, signature};
      // [TERMINATE] Sidecars sign only what the operator's nkey ordered: what it did not would be refused by all of them.
      if (!(await isOrderSigned(nkey, order, signature))) {
        throw new DvtError("ORDER_INVALID", `signature ${position + 1} of order_signatures is not this operator's of its order`);
      }
      return {id: orderIdOf(order), order, entries};
    }),
  );
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
