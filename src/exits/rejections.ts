import type {ExitCompletion} from "../../schemas/exitCompletion.js";
import {toSentence} from "../runtime/toSentence.js";
import type {ExitId} from "./exitId.js";

/** Why a requested exit or deposit cannot come, for the operator. docs/errors.md has a row for each. */
export const rejections = {
  PUBLIC_KEY_INVALID: "it is not a valid BLS public key",
  VALIDATOR_UNKNOWN: "no cluster of participants.json has this validator",
  OPERATOR_NOT_ALLOWED: "participants.json does not let this operator ask for exits of this validator's cluster",
  REQUEST_UNREADABLE: "what the database has for this key was not written by the relayer; tell its administrator",
  EXIT_SUPERSEDED: "a later request gave this key another validator index",
  EXIT_EXPIRED: "too few sidecars signed within EXIT_LIFETIME; ask again once they run",
  ORDER_EXPIRED: "its order is older than EXIT_LIFETIME or no longer valid; ask again",
  EXIT_REFUSED: "too many sidecars refuse to sign",
  DEPOSIT_SUPERSEDED: "a later request asked for another deposit of this key",
  DEPOSIT_EXPIRED: "too few sidecars signed the deposit within EXIT_LIFETIME; ask again once they run",
  DEPOSIT_REFUSED: "too many sidecars refuse to sign the deposit",
} as const;

/** The code of a rejection. */
export type RejectionCode = keyof typeof rejections;

/** The rejection of an exit. `requestedAt` is that of the request, so that an old one, replayed, rejects nothing. */
export const toRejection = (
  exit: ExitId,
  operatorId: string,
  requestedAt: number,
  code: RejectionCode,
  reason: string = rejections[code],
): ExitCompletion => ({
  network: exit.network.name,
  operator_id: operatorId,
  public_key: exit.publicKey,
  validator_index: exit.validatorIndex,
  status: "rejected",
  requested_at: requestedAt,
  code,
  reason: toSentence(reason),
});
