import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import type {PublicKey} from "../bls/curve.js";
import {DvtError} from "../errors.js";
import {areShardsOf} from "../exits/checkShards.js";
import {resultContent} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {isSignedBy} from "../messaging/identity.js";
import type {OracleSet} from "../oracles/oracleSet.js";
import {fromHex} from "../runtime/hex.js";

type Expectation = {
  readonly oracleSet: OracleSet;
  /** The aggregator's public nkey. */
  readonly aggregatorNkey: string;
};

/** COMPLETION_INVALID unless the aggregator signed this result for this exit and oracle set, and the oracles can use it. */
export function assertResult(
  {oracleSet, aggregatorNkey}: Expectation,
  exit: ExitId,
  publicKey: PublicKey,
  {aggregator_signature, ...result}: OraclesExitSignatureShares & {aggregator_signature: string},
): void {
  // [TERMINATE] The relayer may answer from the store; only a result that the aggregator signed is accepted.
  const signature = Buffer.from(aggregator_signature, "base64");
  if (!isSignedBy(aggregatorNkey, "exitResult", resultContent(exit, oracleSet.configHash, result), signature)) {
    throw new DvtError("COMPLETION_INVALID", `check ${exitKeyOf(exit)}: the aggregator did not sign the result`);
  }
  const count = oracleSet.publicKeys.length;
  const {public_keys, encrypted_exit_signatures} = result;
  // [TERMINATE] One shard for each oracle, all of them of this validator's exit: otherwise the oracles could not use the result.
  if (public_keys.length !== count || encrypted_exit_signatures.length !== count) {
    throw new DvtError("COMPLETION_INVALID", `check ${exitKeyOf(exit)}: ${public_keys.length} shards for ${count} oracles`);
  }
  if (!areShardsOf(publicKey, public_keys.map(fromHex), oracleSet.threshold)) {
    throw new DvtError(
      "COMPLETION_INVALID",
      `check ${exitKeyOf(exit)}: its public key shards are not those of the validator's key`,
    );
  }
}
