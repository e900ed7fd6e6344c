import type {ExitBatch} from "../../schemas/exitBatch.js";
import {cutIntoOrders, entryDigestOf, orderIdOf} from "../../src/exits/order.js";
import type {Stage} from "./stage.js";

type Signing = Pick<Stage, "signOrder">;

/** A batch with its operator's signature of each order. */
export async function signBatch<B extends Omit<ExitBatch, "order_signatures">>(
  {signOrder}: Signing,
  batch: B,
): Promise<B & Pick<ExitBatch, "order_signatures">> {
  const {network, operator_id: operatorId, requested_at: requestedAt} = batch;
  const orders = await Promise.all(
    cutIntoOrders(batch.validators).map((entries) =>
      signOrder({network, operatorId, requestedAt, digests: entries.map(entryDigestOf)}),
    ),
  );
  return {...batch, order_signatures: orders.map(({signature}) => signature)};
}

/** The id of the order that has the first of the batch's validators. */
export function orderIdIn({network, operator_id, requested_at, validators}: Omit<ExitBatch, "order_signatures">): string {
  const digests = (cutIntoOrders(validators)[0] ?? []).map(entryDigestOf);
  return orderIdOf({network, operatorId: operator_id, requestedAt: requested_at, digests});
}
