import type {Registration} from "../../schemas/registration.js";
import type {SentTransaction} from "../execution/sendTransaction.js";

/** A registration that may be in the chain, or come into it. It is stored before anybody has it. */
export type PendingRegistration = SentTransaction & {
  /** What the last one is valid for: a root (32 bytes in hex with 0x) and a deadline (Unix seconds). */
  readonly depositRoot: string;
  readonly deadline: number;
  /** What it registers. */
  readonly publicKeys: readonly string[];
};

type Wire = NonNullable<Registration["pending"]>;

/** As a message has it. */
export const toWire = ({wallet, nonce, hashes, fees, depositRoot, deadline, publicKeys}: PendingRegistration): Wire => ({
  wallet,
  nonce,
  hashes: [...hashes],
  max_fee_per_gas: String(fees.maxFeePerGas),
  max_priority_fee_per_gas: String(fees.maxPriorityFeePerGas),
  deposit_root: depositRoot,
  deadline,
  public_keys: [...publicKeys],
});

/** From a message. */
export const fromWire = (wire: Wire): PendingRegistration => ({
  wallet: wire.wallet,
  nonce: wire.nonce,
  hashes: wire.hashes,
  fees: {maxFeePerGas: BigInt(wire.max_fee_per_gas), maxPriorityFeePerGas: BigInt(wire.max_priority_fee_per_gas)},
  depositRoot: wire.deposit_root,
  deadline: wire.deadline,
  publicKeys: wire.public_keys,
});
