import {exitRefusal} from "../../schemas/exitRefusal.js";
import {exitRequest} from "../../schemas/exitRequest.js";
import {exitShare} from "../../schemas/exitShare.js";
import {DvtError} from "../errors.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {toExitShare} from "../exits/toExitShare.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {publish} from "../messaging/publish.js";
import {type Refusal, refusalOfSigner} from "../policy/refusals.js";
import {yieldToEventLoop} from "../runtime/yieldToEventLoop.js";
import type {Sidecar} from "./sidecar.js";
import {signDeposit} from "./signDeposit.js";

/**
 * Handles one exit request of its cluster: signs the exit, if it has a key share of the validator and its policy allows it, and
 * publishes the encrypted share; otherwise publishes a refusal. Then the same for the deposit that belongs to the exit.
 */
export async function handleExitRequest(sidecar: Sidecar, {subject, data}: Delivery): Promise<string> {
  const request = decode(exitRequest, subject, data);
  const {network, clusterId, keyShares, policy, logger} = sidecar;
  // [TERMINATE] It signs only exits of its own network and cluster, at the one epoch that all exits have.
  if (request.network !== network.name || request.cluster_id !== clusterId) {
    throw new DvtError(
      "CLUSTER_UNKNOWN",
      `sign an exit: ${request.network} ${request.cluster_id} is not ${network.name} ${clusterId}`,
    );
  }
  if (request.voluntary_exit.epoch !== network.capellaForkEpoch) {
    throw new DvtError(
      "EXIT_EPOCH_WRONG",
      `sign an exit: epoch ${request.voluntary_exit.epoch} is not ${network.capellaForkEpoch}`,
    );
  }
  const exit = {network, publicKey: request.public_key, validatorIndex: request.voluntary_exit.validator_index};
  // The key share may have been added a moment ago.
  if (!keyShares.publicKeys.has(exit.publicKey)) await sidecar.reload?.();
  if (!keyShares.publicKeys.has(exit.publicKey)) {
    logger.warn({exit: exitKeyOf(exit)}, "this sidecar has no key share of the validator");
    return "not held";
  }
  const decision = await policy.decide(exit, sidecar.now());
  const signature = decision.outcome === "refuse" ? decision : await sign(sidecar, exit);
  const outcome =
    "outcome" in signature
      ? await refuse(sidecar, exit, request.requested_at, signature)
      : await publishShare(sidecar, exit, signature);
  if (request.deposit)
    await signDeposit(sidecar, {network, publicKey: exit.publicKey, deposit: request.deposit}, request.requested_at, decision);
  return outcome;
}

async function sign({keyShares}: Sidecar, exit: ExitId): Promise<Uint8Array | Refusal> {
  // Decisions that were written together continue together: each signature gets a turn of its own.
  await yieldToEventLoop();
  return keyShares.sign(exit).catch(refusalOfSigner);
}

async function publishShare(
  {clusterId, keyShares, aggregatorKey, bus, logger, signed}: Sidecar,
  exit: ExitId,
  signature: Uint8Array,
): Promise<string> {
  const share = {exit, clusterId, shareIndex: keyShares.shareIndex, signature};
  await publish(bus, exitShare, toExitShare(share, aggregatorKey));
  signed.add(exitKeyOf(exit));
  logger.debug({exit: exitKeyOf(exit), share_index: keyShares.shareIndex}, "exit share published");
  return "signed";
}

async function refuse(
  {network, clusterId, keyShares, bus, logger}: Sidecar,
  exit: ExitId,
  requestedAt: number,
  {code, reason}: Refusal,
): Promise<string> {
  await publish(bus, exitRefusal, {
    network: network.name,
    cluster_id: clusterId,
    public_key: exit.publicKey,
    validator_index: exit.validatorIndex,
    share_index: keyShares.shareIndex,
    requested_at: requestedAt,
    code,
    reason,
  });
  logger.info({exit: exitKeyOf(exit), share_index: keyShares.shareIndex, code, reason}, "exit signature refused");
  return "refused";
}
