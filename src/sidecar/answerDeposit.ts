import {depositRefusal} from "../../schemas/depositRefusal.js";
import {depositShare} from "../../schemas/depositShare.js";
import {type DepositId, depositKeyOf, withdrawalCredentialsOf} from "../exits/depositId.js";
import {toDepositShare} from "../exits/toDepositShare.js";
import {publish} from "../messaging/publish.js";
import type {Decision} from "./policy.js";
import type {Sidecar} from "./sidecar.js";

/** Signs the deposit that was asked for with an exit, or says why not. One whose exit is refused is refused for the same reason. */
export async function answerDeposit(sidecar: Sidecar, id: DepositId, requestedAt: number, exit: Decision): Promise<void> {
  const {network, clusterId, keyShares, depositPolicy, bus, logger} = sidecar;
  const decision = exit.outcome === "refuse" ? exit : await depositPolicy.decide(id);
  const {shareIndex} = keyShares;
  const named = {deposit: depositKeyOf(id), share_index: shareIndex};
  if (decision.outcome === "refuse") {
    const {code, reason} = decision;
    await publish(bus, depositRefusal, {
      network: network.name,
      cluster_id: clusterId,
      public_key: id.publicKey,
      share_index: shareIndex,
      deposit: id.deposit,
      requested_at: requestedAt,
      code,
      reason,
    });
    logger.info({...named, code, reason}, "deposit refused");
    return;
  }
  const signature = await keyShares.signDeposit({
    network,
    publicKey: id.publicKey,
    withdrawalCredentials: withdrawalCredentialsOf(id.deposit),
    amount: BigInt(id.deposit.amount),
  });
  await publish(bus, depositShare, toDepositShare({id, clusterId, shareIndex, signature}));
  logger.debug(named, "deposit signed");
}
