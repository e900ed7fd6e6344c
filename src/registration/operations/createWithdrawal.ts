import {fullStakeGwei} from "../../consensus/deposit.js";
import type {Network} from "../../consensus/networks.js";
import {toWithdrawalCall} from "../../execution/vaultCalls.js";
import type {AmountText} from "../../vaults/amountText.js";
import type {ChainRequests, RequestedValidator} from "../../vaults/chainValidators.js";
import {findRefusedAmounts, type RefusedKey} from "../../vaults/findRefused.js";
import type {KeyAmount, ValidatorsManager} from "../../vaults/validatorsManager.js";
import type {VaultRules} from "../../vaults/vaultRules.js";
import {encodeWithdrawals} from "../../vaults/vaultValidators.js";
import type {Operation} from "./operation.js";
import {whyNotRequested} from "./whyNotRequested.js";

type Parts = {
  readonly rules: VaultRules;
  readonly whyNotKey: (publicKey: string) => string | undefined;
  readonly manager: Pick<ValidatorsManager, "findForeign" | "signWithdrawal">;
  readonly requests: Pick<ChainRequests, "findWithdrawn">;
  readonly network: Pick<Network, "shardCommitteePeriod">;
  /** How amounts that were asked for are said; undefined: in gwei. */
  readonly amountText?: AmountText;
};

/** A withdrawal from validators; keys in lower-case hex with 0x, gwei, 0 to exit one. */
export function createWithdrawal(parts: Parts, withdrawals: readonly KeyAmount[]): Operation {
  const {rules, manager, requests, network} = parts;
  const {vault} = rules;
  return {
    kind: "withdraw",
    requests: withdrawals.length,
    async findObstacle({approvals, signal}) {
      const refused = await findRefusedAmounts("withdraw", withdrawals, parts);
      if (refused.length > 0) return {why: "refused", refused};
      const [found, exiting] = await Promise.all([
        requests.findWithdrawn(withdrawals.map(({publicKey}) => publicKey)),
        approvals.findExiting({signal}),
      ]);
      if (exiting.outcome === "lacking") return {why: "oracles", lacking: exiting};
      const byKey = new Map(found.map((it) => [it.publicKey, it]));
      const useless = withdrawals.flatMap(({publicKey, amount}): RefusedKey[] => {
        const state = byKey.get(publicKey);
        const reason =
          whyNotRequested(state, network.shardCommitteePeriod) ?? (state && whyUseless(state, amount, exiting.indexes));
        return reason === undefined ? [] : [{publicKey, reason}];
      });
      return useless.length > 0 ? {why: "refused", refused: useless} : undefined;
    },
    approve: async () => "0x",
    sign: (at) => manager.signWithdrawal(vault, withdrawals, at),
    toCall: ({managerSignature, value}) =>
      toWithdrawalCall({vault, validators: encodeWithdrawals(withdrawals), managerSignature}, value),
  };
}

/**
 * Why the chain would drop the request, which costs its fee all the same, or the oracles exit the validator anyway.
 * https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/electra/beacon-chain.md#new-process_withdrawal_request
 */
function whyUseless(state: RequestedValidator, amount: number, exiting: readonly number[]): string | undefined {
  const {balance, effectiveBalance, leaving} = state;
  if (exiting.includes(state.index)) return "the oracles are making it exit";
  const waiting = `${leaving} gwei wait to be withdrawn from it already`;
  if (amount === 0) return leaving === 0 ? undefined : `${waiting}: the chain exits it only after that`;
  if (!state.withdrawalCredentials.startsWith("0x02")) return "only a 0x02 validator can be withdrawn from in part";
  if (effectiveBalance < fullStakeGwei) return `its effective balance is ${effectiveBalance} gwei, less than ${fullStakeGwei}`;
  if (balance > fullStakeGwei + leaving) return undefined;
  return `it has ${balance} gwei, and ${fullStakeGwei} have to stay${leaving === 0 ? "" : `; ${waiting}`}`;
}
