import {depositSigningRoot} from "../../../src/consensus/deposit.js";
import type {Network} from "../../../src/consensus/networks.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {aSecretKey} from "./keys.js";

export type TestDeposit = {
  readonly publicKey: string;
  readonly withdrawalCredentials: string;
  readonly amount: bigint;
  readonly signature: string;
};

export const keyOf = (seed: string): string => toHex(aSecretKey(seed).toPublicKey().toBytes());

/** A deposit of the key with this seed, signed as the network wants it. */
export function aDeposit(network: Network, seed: string, {amount = 32_000_000_000n, credentials = "01"} = {}): TestDeposit {
  const publicKey = keyOf(seed);
  const withdrawalCredentials = `0x${credentials.padEnd(64, "0")}`;
  const message = {pubkey: fromHex(publicKey), withdrawalCredentials: fromHex(withdrawalCredentials), amount};
  const signature = toHex(aSecretKey(seed).sign(depositSigningRoot(network, message)).toBytes());
  return {publicKey, withdrawalCredentials, amount, signature};
}

/** A top-up needs no signature: this one has none. */
export const aTopUp = (deposit: TestDeposit): TestDeposit => ({
  ...deposit,
  amount: 1_000_000_000n,
  signature: `0x${"00".repeat(96)}`,
});
