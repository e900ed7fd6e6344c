import type {RejectionCode} from "../exits/rejections.js";
import type {Refusals, Standing} from "./lookUp.js";

export type Rejection = {readonly code: RejectionCode; readonly refusals: Refusals};

/** Why nothing more is to be expected of an exit, or of the deposit that goes with it; undefined while something is. */
export function whyRejected({cluster, validator, head, result, refusals, deposit}: Standing): Rejection | undefined {
  const canSpare = validator.publicKeyShares.size - cluster.threshold;
  if (!result && head.state === "expired") return {code: "EXIT_EXPIRED", refusals};
  if (!result && refusals.size > canSpare) return {code: "EXIT_REFUSED", refusals};
  if (!deposit || deposit.signature !== undefined) return undefined;
  if (deposit.isExpired) return {code: "DEPOSIT_EXPIRED", refusals: deposit.refusals};
  return deposit.refusals.size > canSpare ? {code: "DEPOSIT_REFUSED", refusals: deposit.refusals} : undefined;
}
