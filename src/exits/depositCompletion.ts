import type {DepositCompletion} from "../../schemas/depositCompletion.js";
import {toSentence} from "../runtime/toSentence.js";
import type {DepositId} from "./depositId.js";
import {type RejectionCode, rejections} from "./rejections.js";

const commonFields = ({network, publicKey, deposit}: DepositId, operatorId: string) => ({
  network: network.name,
  operator_id: operatorId,
  public_key: publicKey,
  deposit,
});

/** The completion of a deposit with its signature (96 bytes in hex), equal whether the relayer or the aggregator publishes it. */
export const toDepositCompletion = (id: DepositId, operatorId: string, signature: string): DepositCompletion => ({
  ...commonFields(id, operatorId),
  status: "completed",
  signature,
});

/** The rejection of a deposit. `requestedAt` is that of the request, so that an old one, replayed, rejects nothing. */
export const toDepositRejection = (
  id: DepositId,
  operatorId: string,
  requestedAt: number,
  code: RejectionCode,
  reason: string = rejections[code],
): DepositCompletion => ({
  ...commonFields(id, operatorId),
  status: "rejected",
  requested_at: requestedAt,
  code,
  reason: toSentence(reason),
});
