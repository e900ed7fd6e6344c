import {depositRefusal} from "../../schemas/depositRefusal.js";
import {depositShare} from "../../schemas/depositShare.js";
import {type DepositId, depositKeyOf, withdrawalCredentialsOf} from "../exits/depositId.js";
import {toDepositShare} from "../exits/toDepositShare.js";
import {publish} from "../messaging/publish.js";
import {type Decision, type Refusal, refusalOfSigner} from "../policy/refusals.js";
import type {Sidecar} from "./sidecar.js";

/** Signs the deposit that was asked for with an exit and publishes the share, or a refusal: the exit's own, if that was refused. */
export async function signDeposit(sidecar: Sidecar, id: DepositId, requestedAt: number, exit: Decision): Promise<void> {
  const {network, clusterId, keyShares, depositPolicy, bus, logger} = sidecar;
  const {shareIndex} = keyShares;
  const decision = exit.outcome === "refuse" ? exit : await depositPolicy.decide(id);
  const about = {deposit: depositKeyOf(id), share_index: shareIndex};
  const refuse = async ({code, reason}: Refusal): Promise<void> => {
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
    logger.info({...about, code, reason}, "deposit signature refused");
  };
  if (decision.outcome === "refuse") return refuse(decision);
  const signature = await keyShares
    .signDeposit({
      network,
      publicKey: id.publicKey,
      withdrawalCredentials: withdrawalCredentialsOf(id.deposit),
      amount: BigInt(id.deposit.amount),
    })
    .catch(refusalOfSigner);
  if ("outcome" in signature) return refuse(signature);
  await publish(bus, depositShare, toDepositShare({id, clusterId, shareIndex, signature}));
  logger.debug(about, "deposit share published");
}
