import type {Deposit} from "../../schemas/deposit.js";
import {depositSigningRoot, toWithdrawalCredentials} from "../consensus/deposit.js";
import {fromHex} from "../runtime/hex.js";
import {type ExitId, validatorKeyOf} from "./exitId.js";

/** A deposit is identified by key, vault, amount and validator type: another amount is another deposit. */
export type DepositId = Pick<ExitId, "network" | "publicKey"> & {readonly deposit: Deposit};

/** network:public_key:vault:amount:validator_type */
export const depositKeyOf = (id: DepositId): string => {
  const {vault, amount, validator_type} = id.deposit;
  return `${validatorKeyOf(id)}:${vault}:${amount}:${validator_type}`;
};

/** Whether two deposits of one key are the same. */
export const isSameDeposit = (one: Deposit, other: Deposit): boolean =>
  one.vault === other.vault && one.amount === other.amount && one.validator_type === other.validator_type;

/** The 32 bytes that name who gets the stake back. A key's first deposit decides, later ones change nothing. */
export const withdrawalCredentialsOf = ({validator_type, vault}: Deposit): Uint8Array =>
  toWithdrawalCredentials(validator_type, fromHex(vault));

/** The 32 bytes that a deposit's signature is over. */
export const depositRootOf = ({network, publicKey, deposit}: DepositId): Uint8Array =>
  depositSigningRoot(network, {
    pubkey: fromHex(publicKey),
    withdrawalCredentials: withdrawalCredentialsOf(deposit),
    amount: BigInt(deposit.amount),
  });
