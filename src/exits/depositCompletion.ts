import type {DepositCompletion} from "../../schemas/depositCompletion.js";
import {toSentence} from "../runtime/toSentence.js";
import type {DepositId} from "./depositId.js";
import {type RejectionCode, rejections} from "./rejections.js";

const about = ({network, publicKey, deposit}: DepositId, operatorId: string) => ({
  network: network.name,
  operator_id: operatorId,
  public_key: publicKey,
  deposit,
});

/** Of the stored signature, 96 bytes in hex. Relayer and aggregator both say it, in the same words. */
export const toDepositCompletion = (id: DepositId, operatorId: string, signature: string): DepositCompletion => ({
  ...about(id, operatorId),
  status: "completed",
  signature,
});

/** `requestedAt`: of the request that it answers, so that an old one said again answers nothing. */
export const toDepositRejection = (
  id: DepositId,
  operatorId: string,
  requestedAt: number,
  code: RejectionCode,
  reason: string = rejections[code],
): DepositCompletion => ({
  ...about(id, operatorId),
  status: "rejected",
  requested_at: requestedAt,
  code,
  reason: toSentence(reason),
});
