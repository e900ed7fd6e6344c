import {depositRefusal} from "../../schemas/depositRefusal.js";
import {depositShare} from "../../schemas/depositShare.js";
import {type DepositId, depositKeyOf, withdrawalCredentialsOf} from "../exits/depositId.js";
import {publish} from "../messaging/publish.js";
import {toHex} from "../runtime/hex.js";
import {type Decision, type Refusal, refusalOfSigner} from "./refusals.js";
import type {Sidecar} from "./sidecar.js";

/** Signs the deposit that was asked for with an exit, or says why not. One whose exit is refused is refused for the same reason. */
export async function answerDeposit(sidecar: Sidecar, id: DepositId, requestedAt: number, exit: Decision): Promise<void> {
  const {network, clusterId, keyShares, depositPolicy, bus, logger} = sidecar;
  const decision = exit.outcome === "refuse" ? exit : await depositPolicy.decide(id);
  const about = {
    network: network.name,
    cluster_id: clusterId,
    public_key: id.publicKey,
    share_index: keyShares.shareIndex,
    deposit: id.deposit,
  };
  const named = {deposit: depositKeyOf(id), share_index: keyShares.shareIndex};
  const refuse = async ({code, reason}: Refusal): Promise<void> => {
    await publish(bus, depositRefusal, {...about, requested_at: requestedAt, code, reason});
    logger.info({...named, code, reason}, "deposit refused");
  };
  if (decision.outcome === "refuse") return refuse(decision);
  const toSign = {network, publicKey: id.publicKey, withdrawalCredentials: withdrawalCredentialsOf(id.deposit)};
  const signature = await keyShares.signDeposit({...toSign, amount: BigInt(id.deposit.amount)}).catch(refusalOfSigner);
  if ("outcome" in signature) return refuse(signature);
  await publish(bus, depositShare, {...about, signature: toHex(signature)});
  logger.debug(named, "deposit signed");
}
