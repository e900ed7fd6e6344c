import {type DepositId, isSameDeposit} from "../../exits/depositId.js";
import type {StoredRequest} from "../../store/requestDocument.js";
import {type CurrentRequest, toCurrentRequest} from "../shares/currentRequest.js";

/** The request for this deposit; undefined where none, or one to another vault or of another amount, is asked for. */
export function requestOf({deposit}: DepositId, head: StoredRequest): CurrentRequest | undefined {
  const asked = head.deposit;
  if (!asked || !isSameDeposit(asked.deposit, deposit)) return undefined;
  return toCurrentRequest(asked.requesters, asked.isExpired || head.state === "expired");
}
