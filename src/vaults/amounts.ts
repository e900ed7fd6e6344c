import type {Deposit} from "../../schemas/deposit.js";
import type {NetworkName} from "../../schemas/fields.js";
import {fullStakeGwei} from "../consensus/deposit.js";
import {type AmountText, gweiText} from "./amountText.js";
import {type VaultRules, whyNotAmount} from "./vaultRules.js";

/** The stake that a 0x02 validator is registered with at most, in gwei, as in StakeWise's operator: below 2,048, so that rewards fit. */
export const maxValidatorGwei: Readonly<Record<NetworkName, number>> = {
  mainnet: 1_945_000_000_000,
  hoodi: 1_945_000_000_000,
  gnosis: 1_800_000_000_000,
};

/** GNO is staked as mGNO: 32 mGNO are 1 GNO. */
const perToken: Readonly<Record<NetworkName, bigint>> = {mainnet: 1n, hoodi: 1n, gnosis: 32n};

/** What the vault can stake, in gwei, of assets in wei (of GNO on Gnosis), if `keptGwei` stay. */
export function stakeableGwei(network: NetworkName, assetsWei: bigint, keptGwei: number): number {
  const gwei = Number((assetsWei * perToken[network]) / 1_000_000_000n);
  return Math.max(gwei - keptGwei, 0);
}

/** The most that a validator can have, in gwei: https://eips.ethereum.org/EIPS/eip-7251 */
const mostStakeGwei = 2_048_000_000_000;

/** Why one of these validators cannot be registered with so many gwei, or the vault's rules do not allow it; undefined if all may be. */
export const whyNotRegistered = (
  rules: VaultRules,
  validatorType: Deposit["validator_type"],
  amounts: readonly number[],
  amountText: AmountText = gweiText,
): string | undefined =>
  amounts
    .map((amount) => whyNotStake(validatorType, amount, amountText) ?? whyNotAmount(rules, "register", amount, amountText))
    .find((why) => why !== undefined);

/** Why a validator of this type cannot be registered with so many gwei, or undefined. */
export function whyNotStake(
  validatorType: Deposit["validator_type"],
  amount: number,
  amountText: AmountText = gweiText,
): string | undefined {
  if (validatorType === "0x01")
    return amount === fullStakeGwei ? undefined : `a 0x01 validator has ${amountText(fullStakeGwei)}, not ${amountText(amount)}`;
  if (amount >= fullStakeGwei && amount <= mostStakeGwei) return undefined;
  return `${amountText(amount)} is not between ${amountText(fullStakeGwei)} and ${amountText(mostStakeGwei)}`;
}

type Wanted = {
  readonly validatorType: Deposit["validator_type"];
  /** For a 0x02 validator. */
  readonly maxGwei: number;
  /** How many validators at most. */
  readonly limit: number;
};

/** The stakes, in gwei, of the validators that these assets suffice for: as many full ones as go, and then what is left. */
export function amountsOf(assetsGwei: number, {validatorType, maxGwei, limit}: Wanted): number[] {
  if (validatorType === "0x01") return Array<number>(Math.min(Math.floor(assetsGwei / fullStakeGwei), limit)).fill(fullStakeGwei);
  const full = Math.min(Math.floor(assetsGwei / maxGwei), limit);
  const rest = assetsGwei - full * maxGwei;
  return [...Array<number>(full).fill(maxGwei), ...(full < limit && rest >= fullStakeGwei ? [rest] : [])];
}

/** The least that StakeWise's operator tops a validator up with, in gwei. */
export const leastTopUpGwei = 10_000_000_000;

type ToTopUp = {
  /** What a validator has at most afterwards. */
  readonly maxGwei: number;
  /** The most for one validator at once. */
  readonly mostGwei: number;
};

/** Top-ups with these assets, in gwei: of those that have the most first, up to what they may have, and none of too little. */
export function topUpsOf(
  assetsGwei: number,
  validators: readonly {readonly publicKey: string; readonly balance: number}[],
  {maxGwei, mostGwei}: ToTopUp,
): {readonly publicKey: string; readonly amount: number}[] {
  let left = assetsGwei;
  return validators
    .toSorted((one, other) => other.balance - one.balance)
    .flatMap(({publicKey, balance}) => {
      const amount = Math.min(maxGwei - balance, mostGwei, left);
      if (amount < leastTopUpGwei) return [];
      left -= amount;
      return [{publicKey, amount}];
    });
}
