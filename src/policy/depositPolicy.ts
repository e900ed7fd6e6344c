import {type DepositId, withdrawalCredentialsOf} from "../exits/depositId.js";
import {type DepositRules, whyNotDeposit} from "../exits/depositRules.js";
import {toHex} from "../runtime/hex.js";
import type {ExitLog} from "./exitLog.js";
import {type Decision, type RefusalCode, toRefusal} from "./refusals.js";

/** Which deposits a sidecar signs, whatever the relayer asks: a deposit to somebody else's address gives the stake away. */
export type DepositPolicy = {
  /** STATE_UNWRITABLE: not now. Once it says "sign", the key's withdrawal credentials are on disk, for life. */
  decide(id: DepositId): Promise<Decision>;
};

export function createDepositPolicy(rules: DepositRules, log: ExitLog): DepositPolicy {
  const boundTo = new Map<string, {credentials: string; stored: Promise<void>}>();
  for (const [publicKey, credentials] of log.credentials) boundTo.set(publicKey, {credentials, stored: Promise.resolve()});

  const forbidden = (id: DepositId, credentials: string): RefusalCode | undefined => {
    const why = whyNotDeposit(rules, id);
    if (why) return why;
    // The chain keeps the credentials of a key's first deposit: whoever had two signed could choose which one that is.
    return (boundTo.get(id.publicKey)?.credentials ?? credentials) === credentials ? undefined : "CREDENTIALS_DIFFER";
  };

  /** Nothing is awaited between the check and this, so that no two take the same key's first place. */
  const bind = async (publicKey: string, credentials: string): Promise<void> => {
    const bound = boundTo.get(publicKey) ?? {credentials, stored: log.append({publicKey, credentials})};
    boundTo.set(publicKey, bound);
    try {
      await bound.stored;
    } catch (error) {
      // Not on disk, so nothing was signed: whoever asks again has to store it again.
      if (boundTo.get(publicKey) === bound) boundTo.delete(publicKey);
      throw error;
    }
  };

  return {
    async decide(id) {
      const credentials = toHex(withdrawalCredentialsOf(id.deposit));
      const code = forbidden(id, credentials);
      if (code) return toRefusal(code);
      await bind(id.publicKey, credentials);
      return {outcome: "sign"};
    },
  };
}
