import {type ExitShare, exitShare} from "../../schemas/exitShare.js";
import type {PublicKey, Signature} from "../bls/curve.js";
import {voluntaryExitSigningRoot} from "../consensus/voluntaryExit.js";
import {DvtError} from "../errors.js";
import {exitKeyOf} from "../exits/exitId.js";
import {verifyShare} from "../exits/recoverExit.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {fromHex} from "../runtime/hex.js";
import type {Aggregator} from "./aggregator.js";
import {completeExit} from "./completeExit.js";
import {findSigner} from "./findSigner.js";
import {openShare} from "./openShare.js";
import {publishResult} from "./publishResult.js";

/** Takes one signature share from EXIT_SHARES; keeps it if it is good, and completes the exit with the last one needed. */
export async function handleShare(aggregator: Aggregator, {subject, data}: Delivery): Promise<string> {
  const share = decode(exitShare, subject, data);
  const {network, exits, oracleSet, logger} = aggregator;
  const {cluster, validator, publicKeyShare} = findSigner(aggregator, share);
  const exit = {network, publicKey: share.public_key, validatorIndex: share.validator_index};

  const head = await aggregator.requests.find(exit);
  // [TERMINATE] Nobody asked for it. The relayer records before it asks, so an honest sidecar never gets here; re-issue heals it.
  if (!head) throw new DvtError("EXIT_UNKNOWN", `take a share: nobody asked for ${exitKeyOf(exit)}`);
  if (head.validatorIndex !== exit.validatorIndex) return "superseded";
  if (head.state === "expired") return "expired";

  const root = voluntaryExitSigningRoot(network, exit.validatorIndex);
  const ciphertext = fromHex(share.encrypted_signature);
  verify(aggregator, {share, ciphertext, publicKeyShare, root});

  const {configHash} = oracleSet;
  const {shares, result, published} = await exits.addShare(
    {exit, clusterId: cluster.id, shareIndex: share.share_index, ciphertext},
    configHash,
  );
  const key = exitKeyOf(exit);
  logger.debug({exit: key, share_index: share.share_index, held: shares.size, threshold: cluster.threshold}, "share held");
  if (result) {
    if (published) return "late";
    await publishResult(aggregator, exit, configHash, result);
    return "published again";
  }
  if (shares.size < cluster.threshold) return "collecting";
  // Whoever sees enough shares and no result completes the exit: of two who do, the second to write reads back the first's.
  return aggregator.completing(key, () =>
    completeExit(aggregator, {exit, validator, threshold: cluster.threshold, root}, shares),
  );
}

/** [TERMINATE] A share counts only once it was opened and verified under its own public key share. */
function verify(
  {privateKeys}: Aggregator,
  {
    share,
    ciphertext,
    publicKeyShare,
    root,
  }: {share: ExitShare; ciphertext: Uint8Array; publicKeyShare: PublicKey; root: Uint8Array},
): void {
  const named = `share ${share.share_index} of ${share.cluster_id}`;
  let signature: Signature | undefined;
  try {
    signature = openShare(privateKeys, ciphertext, (plaintext) => verifyShare(publicKeyShare, root, plaintext));
  } catch {
    throw new DvtError("SHARE_UNDECRYPTABLE", `take a share: ${named} is not encrypted to this aggregator`);
  }
  if (!signature) {
    throw new DvtError("SHARE_SIGNATURE_INVALID", `take a share: ${named} does not sign this exit under its public key share`);
  }
}
