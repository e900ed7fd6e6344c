import type {Deposit} from "../../schemas/deposit.js";
import {depositSigningRoot, toWithdrawalCredentials} from "../consensus/deposit.js";
import {fromHex} from "../runtime/hex.js";
import {type ExitId, validatorKeyOf} from "./exitId.js";

/** A deposit is of a key, to a vault, of an amount and a type: another amount is another deposit. */
export type DepositId = Pick<ExitId, "network" | "publicKey"> & {readonly deposit: Deposit};

/** network:public_key:vault:amount:validator_type */
export const depositKeyOf = (id: DepositId): string => {
  const {vault, amount, validator_type} = id.deposit;
  return `${validatorKeyOf(id)}:${vault}:${amount}:${validator_type}`;
};

export const isSameDeposit = (one: Deposit, other: Deposit): boolean =>
  one.vault === other.vault && one.amount === other.amount && one.validator_type === other.validator_type;

/** 32 bytes: who gets the stake back. The first deposit of a key decides it, whatever later ones say. */
export const withdrawalCredentialsOf = ({validator_type, vault}: Deposit): Uint8Array =>
  toWithdrawalCredentials(validator_type, fromHex(vault));

/** The 32 bytes that are signed. */
export const depositRootOf = ({network, publicKey, deposit}: DepositId): Uint8Array =>
  depositSigningRoot(network, {
    pubkey: fromHex(publicKey),
    withdrawalCredentials: withdrawalCredentialsOf(deposit),
    amount: BigInt(deposit.amount),
  });
