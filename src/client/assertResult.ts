import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import type {PublicKey} from "../bls/curve.js";
import {DvtError} from "../errors.js";
import {areShardsOf} from "../exits/checkShards.js";
import {resultContent} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {isSignedBy} from "../messaging/identity.js";
import type {OracleSet} from "../oracles/oracleSet.js";
import {fromHex} from "../runtime/hex.js";

type Believing = {
  readonly oracleSet: OracleSet;
  /** The aggregator's public nkey. */
  readonly aggregatorNkey: string;
};

/** COMPLETION_INVALID unless the aggregator made this result of the exit, for this oracle set, and the oracles can use it. */
export function assertResult(
  {oracleSet, aggregatorNkey}: Believing,
  exit: ExitId,
  publicKey: PublicKey,
  {aggregator_signature, ...result}: OraclesExitSignatureShares & {aggregator_signature: string},
): void {
  // [TERMINATE] The relayer may answer from the store; what it says is believed only if the aggregator made it.
  const signature = Buffer.from(aggregator_signature, "base64");
  if (!isSignedBy(aggregatorNkey, "exitResult", resultContent(exit, oracleSet.configHash, result), signature)) {
    throw new DvtError("COMPLETION_INVALID", `check ${exitKeyOf(exit)}: the aggregator did not sign it`);
  }
  const count = oracleSet.publicKeys.length;
  const {public_keys, encrypted_exit_signatures} = result;
  // [TERMINATE] One shard for each oracle, and all of them parts of this validator's exit: else the oracles could not use it.
  if (public_keys.length !== count || encrypted_exit_signatures.length !== count) {
    throw new DvtError("COMPLETION_INVALID", `check ${exitKeyOf(exit)}: ${public_keys.length} shards for ${count} oracles`);
  }
  if (!areShardsOf(publicKey, public_keys.map(fromHex), oracleSet.threshold)) {
    throw new DvtError(
      "COMPLETION_INVALID",
      `check ${exitKeyOf(exit)}: its public key shards do not belong to the validator's key`,
    );
  }
}
