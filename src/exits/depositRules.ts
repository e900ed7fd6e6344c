import {fullStakeGwei} from "../consensus/deposit.js";
import type {DepositId} from "./depositId.js";

/** Which vaults deposits may go to: a deposit to another's address gives the stake away. */
export type DepositRules = {
  /** In lower-case hex. Undefined: only the validator's withdrawal address. */
  readonly allowedVaults?: ReadonlySet<string> | undefined;
  /** The withdrawal address in the cluster's definition for this public key, in lower-case hex. */
  readonly withdrawalAddressOf: (publicKey: string) => string | undefined;
};

/** Nobody's address, which definitions have if none was chosen. */
const noAddress = `0x${"00".repeat(20)}`;

/** Whether the key's stake may go to this vault, an address in lower-case hex. */
export const isAllowedVault = ({allowedVaults, withdrawalAddressOf}: DepositRules, publicKey: string, vault: string): boolean =>
  vault !== noAddress && (allowedVaults?.has(vault) ?? vault === withdrawalAddressOf(publicKey));

/** The reason why nobody may sign the deposit, or undefined. */
export function whyNotDeposit(
  rules: DepositRules,
  {publicKey, deposit: {vault, amount}}: DepositId,
): "VAULT_NOT_ALLOWED" | "DEPOSIT_TOO_SMALL" | undefined {
  if (!isAllowedVault(rules, publicKey, vault)) return "VAULT_NOT_ALLOWED";
  return amount < fullStakeGwei ? "DEPOSIT_TOO_SMALL" : undefined;
}
