import {randomUUID} from "node:crypto";
import {type ExitBatch, maxBatchSize} from "../../schemas/exitBatch.js";
import type {WantedExit} from "./outcome.js";

type Asking = {batch: ExitBatch; exits: readonly WantedExit[]};

/** The exits as an operator asks for them: in as many batches as they need, each with an id of its own. */
export function toBatches(exits: readonly WantedExit[], operatorId: string, requestedAt: number): Asking[] {
  const batches: Asking[] = [];
  for (let start = 0; start < exits.length; start += maxBatchSize) {
    const some = exits.slice(start, start + maxBatchSize);
    batches.push({batch: toBatch(some, operatorId, requestedAt), exits: some});
  }
  return batches;
}

const toBatch = (exits: readonly WantedExit[], operatorId: string, requestedAt: number): ExitBatch => ({
  batch_id: randomUUID(),
  network: (exits[0] as WantedExit).network.name,
  operator_id: operatorId,
  requested_at: requestedAt,
  validators: exits.map(({publicKey, validatorIndex, deposit}) => ({
    public_key: publicKey,
    validator_index: validatorIndex,
    ...(deposit && {deposit}),
  })),
});
