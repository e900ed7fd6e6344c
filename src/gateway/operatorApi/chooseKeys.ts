import type {Deposit} from "../../../schemas/deposit.js";
import {DvtError} from "../../errors.js";
import type {Reservation, Reserved} from "../../store/reservations.js";

/** The validators that a vault is to register next. */
export type Wanted = Pick<Deposit, "vault" | "validator_type"> & {
  /** In gwei, of each. */
  readonly amounts: readonly number[];
  /** The index that the first of them will get. */
  readonly startIndex: number;
};

/** Those of the keys that the vault may have: nobody's, or its own with this type, and none of which nobody can tell. The order stays. */
export function freeKeys(
  keys: readonly string[],
  reserved: Reserved,
  {vault, validator_type}: Omit<Wanted, "amounts">,
): string[] {
  return keys.filter((key) => {
    const standing = reserved.get(key);
    if (!standing || standing instanceof DvtError) return !standing;
    return standing.deposit.vault === vault && standing.deposit.validator_type === validator_type;
  });
}

/**
 * One key after the other for one amount after the other, as far as both go. An amount that was asked for before at the same index
 * is kept while it is not more than what is asked for now: what is asked for follows the vault's assets, and another amount is
 * another deposit, of which all has to be signed anew.
 */
export function chooseKeys(keys: readonly string[], reserved: Reserved, wanted: Wanted): Reservation[] {
  const {vault, validator_type, amounts, startIndex} = wanted;
  return freeKeys(keys, reserved, wanted)
    .slice(0, amounts.length)
    .map((publicKey, position) => {
      const validatorIndex = startIndex + position;
      const amount = amounts[position] as number;
      const standing = reserved.get(publicKey);
      const isKept =
        !(standing instanceof DvtError) && standing?.validatorIndex === validatorIndex && standing.deposit.amount <= amount;
      return {publicKey, validatorIndex, deposit: {vault, validator_type, amount: isKept ? standing.deposit.amount : amount}};
    });
}
