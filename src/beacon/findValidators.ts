import {createBatches} from "../runtime/batches.js";
import {checkSynced} from "./checkSynced.js";
import type {Beacon} from "./connectBeacon.js";
import {askValidators, type ChainValidator} from "./validators.js";

/** What the beacon chain knows. CONSENSUS_UNAVAILABLE, CONSENSUS_CHAIN_MISMATCH whenever it does not clearly say. */
export type ValidatorFinder = {
  /**
   * Those of these public keys (in lower-case hex with 0x) and indexes that the chain has, at the head of a node that has caught up
   * with it, in the order of their indexes: all of them of one state.
   */
  findValidators(ids: readonly (string | number)[]): Promise<ChainValidator[]>;
};

export function createValidatorFinder(beacon: Pick<Beacon, "run">): ValidatorFinder {
  // Those who ask while the node is at work are asked for together.
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
