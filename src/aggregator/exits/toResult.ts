import {type Signature, writeOwn} from "../../bls/curve.js";
import {type ExitResult, resultContent} from "../../exits/completion.js";
import type {AggregatorForSet} from "../aggregator.js";
import type {ExitGroup} from "./exitGroup.js";

/** Splits the verified exit, encrypts a shard to each oracle, and signs the result. The exit's signature ends here. */
export async function toResult(
  {oracleSet, bus, split}: AggregatorForSet,
  {id, root, blinding, validator}: ExitGroup,
  signature: Signature,
): Promise<ExitResult> {
  const exit = {signature: writeOwn(signature), publicKey: writeOwn(validator.publicKey), root, blinding};
  const shards = await split(exit, oracleSet);
  const proof = bus.identity.sign("exitResult", resultContent(id, oracleSet.configHash, shards));
  return {...shards, aggregator_signature: Buffer.from(proof).toString("base64")};
}
