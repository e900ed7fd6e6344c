import type {ExitCompletion} from "../../schemas/exitCompletion.js";
import {toSentence} from "../runtime/toSentence.js";
import type {ExitId} from "./exitId.js";

/** Why an exit or a deposit that was asked for cannot come: what the operator reads. docs/errors.md has a row for each. */
export const rejections = {
  PUBLIC_KEY_INVALID: "this is not a valid BLS public key",
  VALIDATOR_UNKNOWN: "no cluster of participants.json has this validator",
  OPERATOR_NOT_ALLOWED: "participants.json does not let this operator ask for exits of this validator's cluster",
  REQUEST_UNREADABLE: "what the database has of this key is not what the relayer wrote; its administrator has to look",
  EXIT_SUPERSEDED: "a later request gave this key another validator index",
  EXIT_EXPIRED: "too few sidecars signed within EXIT_LIFETIME; ask again once they run",
  EXIT_REFUSED: "so many sidecars refuse to sign that the others are too few",
  DEPOSIT_SUPERSEDED: "a later request asked for another deposit of this key",
  DEPOSIT_EXPIRED: "too few sidecars signed the deposit within EXIT_LIFETIME; ask again once they run",
  DEPOSIT_REFUSED: "so many sidecars refuse to sign the deposit that the others are too few",
} as const;

export type RejectionCode = keyof typeof rejections;

/** `requestedAt`: of the request that it answers, so that an old one said again answers nothing. */
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
