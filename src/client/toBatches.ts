import {randomUUID} from "node:crypto";
import {type ExitBatch, maxBatchSize} from "../../schemas/exitBatch.js";
import type {RequestedExit} from "./outcome.js";

type ExitsOfBatch = {batch: ExitBatch; exits: readonly RequestedExit[]};

/** Splits the exits into as many batches as they need, each with an id of its own. */
export function toBatches(exits: readonly RequestedExit[], operatorId: string, requestedAt: number): ExitsOfBatch[] {
  const batches: ExitsOfBatch[] = [];
  for (let start = 0; start < exits.length; start += maxBatchSize) {
    const chunk = exits.slice(start, start + maxBatchSize);
    batches.push({batch: toBatch(chunk, operatorId, requestedAt), exits: chunk});
  }
  return batches;
}

const toBatch = (exits: readonly RequestedExit[], operatorId: string, requestedAt: number): ExitBatch => ({
  batch_id: randomUUID(),
  network: (exits[0] as RequestedExit).network.name,
  operator_id: operatorId,
  requested_at: requestedAt,
  validators: exits.map(({publicKey, validatorIndex, deposit}) => ({
    public_key: publicKey,
    validator_index: validatorIndex,
    ...(deposit && {deposit}),
  })),
});
