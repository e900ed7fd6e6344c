import type {ExitBatch} from "../../schemas/exitBatch.js";
import {type Asker, toBatches} from "../../src/client/toBatches.js";
import {networks} from "../../src/consensus/networks.js";

type Batch = Omit<Asker, "identity" | "requestedAt"> & {
  requestedAt?: number;
  /** At most 1,000, at indexes that follow each other. */
  publicKeys: readonly string[];
  startIndex?: number;
};

/** A batch with the orders that this operator signs. */
export function aBatch(
  identity: Asker["identity"],
  {operatorId, requestedAt = Date.now(), publicKeys, startIndex = 1000}: Batch,
): ExitBatch {
  const exits = publicKeys.map((publicKey, position) => ({
    network: networks.hoodi,
    publicKey,
    validatorIndex: startIndex + position,
  }));
  const [only] = toBatches(exits, {operatorId, requestedAt, identity});
  if (!only) throw new Error("a batch has at least one key");
  return only.batch;
}
