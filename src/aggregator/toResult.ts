import {type Signature, writeOwn} from "../bls/curve.js";
import {type ExitResult, resultContent} from "../exits/completion.js";
import {splitForOracles} from "../exits/splitForOracles.js";
import type {AggregatorForSet} from "./aggregator.js";
import type {Collecting} from "./collecting.js";

/** Splits the verified exit for the oracles, encrypts to each its shard, and signs the whole. The exit's signature ends here. */
export async function toResult(
  {oracleSet, bus, split}: AggregatorForSet,
  {exit, root, blinding, validator}: Collecting,
  signature: Signature,
): Promise<ExitResult> {
  const {publicKeys: oracleKeys, threshold, configHash} = oracleSet;
  const splitting = {
    ...{signature: writeOwn(signature), publicKey: writeOwn(validator.publicKey)},
    ...{root, oracleKeys, threshold},
  };
  const shares = blinding ? splitForOracles(splitting, blinding) : await split(splitting);
  const proof = bus.identity.sign("exitResult", resultContent(exit, configHash, shares));
  return {...shares, aggregator_signature: Buffer.from(proof).toString("base64")};
}
