import {createBatches} from "../runtime/batches.js";
import {checkSynced} from "./checkSynced.js";
import type {Beacon} from "./connectBeacon.js";
import {askValidators, type ChainValidator} from "./validators.js";

/** Finds validators on the beacon chain; CONSENSUS_UNAVAILABLE or CONSENSUS_CHAIN_MISMATCH without a clear answer. */
export type ValidatorFinder = {
  /**
   * Finds validators by public keys (in lower-case hex with 0x) and indexes in one state, the head of a synced node, in the order
   * of their indexes.
   */
  findValidators(ids: readonly (string | number)[]): Promise<ChainValidator[]>;
};

export function createValidatorFinder(beacon: Pick<Beacon, "run">): ValidatorFinder {
  // Calls that arrive during a request share the next one.
  const find = createBatches<readonly (string | number)[], ChainValidator[]>(async (asked) => {
    const all = [...new Set(asked.flat().map(String))];
    const found = await beacon.run(async (node) => {
      await checkSynced(node);
      return (await askValidators(node, "head", all)) ?? [];
    });
    return asked.map((ids) => {
      const wanted = new Set(ids.map(String));
      return found.filter(({publicKey, index}) => wanted.has(publicKey) || wanted.has(String(index)));
    });
  });
  return {findValidators: find};
}
