import {type DepositId, withdrawalCredentialsOf} from "../exits/depositId.js";
import {type DepositRules, whyNotDeposit} from "../exits/depositRules.js";
import {toHex} from "../runtime/hex.js";
import type {ExitLog} from "./exitLog.js";
import {type Decision, type RefusalCode, toRefusal} from "./refusals.js";

/** Decides which deposits a sidecar signs: a deposit to another's address gives the stake away, whoever requests it. */
export type DepositPolicy = {
  /** Returns "sign" once the key's withdrawal credentials are on disk, for life. STATE_UNWRITABLE if they cannot be stored now. */
  decide(id: DepositId): Promise<Decision>;
};

/** The policy by these rules, and by the credentials that the log has. */
export function createDepositPolicy(rules: DepositRules, log: ExitLog): DepositPolicy {
  const boundTo = new Map<string, {credentials: string; stored: Promise<void>}>();
  for (const [publicKey, credentials] of log.credentials) boundTo.set(publicKey, {credentials, stored: Promise.resolve()});

  const findRefusal = (id: DepositId, credentials: string): RefusalCode | undefined => {
    const ruleViolation = whyNotDeposit(rules, id);
    if (ruleViolation) return ruleViolation;
    // The credentials of a key's first deposit stay for good: whoever had two signed could choose which one is first.
    return (boundTo.get(id.publicKey)?.credentials ?? credentials) === credentials ? undefined : "CREDENTIALS_DIFFER";
  };

  /** Nothing is awaited between the check and this, so that no two deposits bind the same key. */
  const bind = async (publicKey: string, credentials: string): Promise<void> => {
    const bound = boundTo.get(publicKey) ?? {credentials, stored: log.append({publicKey, credentials})};
    boundTo.set(publicKey, bound);
    try {
      await bound.stored;
    } catch (error) {
      // Not on disk, so nothing was signed: the next decision stores it again.
      if (boundTo.get(publicKey) === bound) boundTo.delete(publicKey);
      throw error;
    }
  };

  return {
    async decide(id) {
      const credentials = toHex(withdrawalCredentialsOf(id.deposit));
      const code = findRefusal(id, credentials);
      if (code) return toRefusal(code);
      await bind(id.publicKey, credentials);
      return {outcome: "sign"};
    },
  };
}
