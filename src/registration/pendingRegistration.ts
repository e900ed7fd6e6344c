import type {Registration} from "../../schemas/registration.js";

/** A transaction that may be in the chain, or come into it. It is kept before anybody has it. */
export type PendingRegistration = {
  /** Of the wallet: 20 bytes in lower-case hex with 0x. */
  readonly wallet: string;
  readonly nonce: number;
  /** Of all transactions with this nonce, the last one sent last. */
  readonly hashes: readonly string[];
  /** In wei per gas, of the last one: whoever replaces it has to pay more. */
  readonly fees: {readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint};
  /** What the last one is valid for: a root (32 bytes in hex with 0x) and a deadline (Unix seconds). */
  readonly depositRoot: string;
  readonly deadline: number;
  /** What it registers. */
  readonly publicKeys: readonly string[];
};

const mostHashes = 16;

/**
 * The hashes with one more, as many as a message has. The oldest are dropped: if one of those is included after all, the nonce is
 * taken, and the registry shows what it registered.
 */
export const withHash = (hashes: readonly string[], hash: string): string[] => [...hashes, hash].slice(-mostHashes);

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
