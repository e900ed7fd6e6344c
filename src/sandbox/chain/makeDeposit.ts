import {depositSigningRoot, fullStakeGwei, toWithdrawalCredentials} from "../../consensus/deposit.js";
import type {Network} from "../../consensus/networks.js";
import type {Deposit} from "../../registry/validDeposits.js";
import {fromHex, toHex} from "../../runtime/hex.js";
import {dealValidator, demoVault} from "../makeCluster.js";

/** The deposit of a new validator that is nobody's. */
export function makeDeposit(network: Network): Deposit {
  const {secretKey} = dealValidator(1, 1);
  const message = {
    pubkey: secretKey.toPublicKey().toBytes(),
    withdrawalCredentials: toWithdrawalCredentials("0x01", fromHex(demoVault)),
    amount: BigInt(fullStakeGwei),
  };
  return {
    publicKey: toHex(message.pubkey),
    withdrawalCredentials: toHex(message.withdrawalCredentials),
    amount: message.amount,
    signature: toHex(secretKey.sign(depositSigningRoot(network, message)).toBytes()),
  };
}
