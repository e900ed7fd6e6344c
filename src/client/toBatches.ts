import {randomUUID} from "node:crypto";
import {type ExitBatch, maxBatchSize} from "../../schemas/exitBatch.js";
import {cutIntoOrders, entryDigestOf, orderContent} from "../exits/order.js";
import type {Identity} from "../messaging/identity.js";
import type {RequestedExit} from "./outcome.js";

type ExitsOfBatch = {batch: ExitBatch; exits: readonly RequestedExit[]};

/** Who asks, when, and the nkey that signs the orders. */
export type Asker = {readonly operatorId: string; readonly requestedAt: number; readonly identity: Pick<Identity, "sign">};

/** Splits the exits into as many batches as they need, each with an id of its own and signed orders. */
export function toBatches(exits: readonly RequestedExit[], asker: Asker): ExitsOfBatch[] {
  const batches: ExitsOfBatch[] = [];
  for (let start = 0; start < exits.length; start += maxBatchSize) {
    const chunk = exits.slice(start, start + maxBatchSize);
    batches.push({batch: toBatch(chunk, asker), exits: chunk});
  }
  return batches;
}

function toBatch(exits: readonly RequestedExit[], {operatorId, requestedAt, identity}: Asker): ExitBatch {
  const network = (exits[0] as RequestedExit).network.name;
  const validators = exits.map(({publicKey, validatorIndex, deposit, rotation}) => ({
    public_key: publicKey,
    validator_index: validatorIndex,
    ...(deposit && {deposit}),
    ...(rotation && {rotation}),
  }));
  const signatures = cutIntoOrders(validators).map((entries) =>
    identity.sign("order", orderContent({network, operatorId, requestedAt, digests: entries.map(entryDigestOf)})),
  );
  return {
    batch_id: randomUUID(),
    network,
    operator_id: operatorId,
    requested_at: requestedAt,
    validators,
    order_signatures: signatures.map((signature) => Buffer.from(signature).toString("base64")),
  };
}
