import {fullStakeGwei} from "../consensus/deposit.js";
import type {DepositId} from "./depositId.js";

/** To whom a deposit may go: one to somebody else's address gives the stake away. */
export type DepositRules = {
  /** In lower-case hex. Undefined: the withdrawal address of the validator. */
  readonly allowedVaults?: ReadonlySet<string> | undefined;
  /** What the cluster's definition says of this public key, in lower-case hex. */
  readonly withdrawalAddressOf: (publicKey: string) => string | undefined;
};

/** Nobody's: definitions have it where nothing was chosen. */
const noAddress = `0x${"00".repeat(20)}`;

/** Why nobody is to sign it, or undefined. */
export function whyNotDeposit(
  {allowedVaults, withdrawalAddressOf}: DepositRules,
  {publicKey, deposit: {vault, amount}}: DepositId,
): "VAULT_NOT_ALLOWED" | "DEPOSIT_TOO_SMALL" | undefined {
  const isAllowed = vault !== noAddress && (allowedVaults?.has(vault) ?? vault === withdrawalAddressOf(publicKey));
  if (!isAllowed) return "VAULT_NOT_ALLOWED";
  return amount < fullStakeGwei ? "DEPOSIT_TOO_SMALL" : undefined;
}
