import type {Registration} from "../../schemas/registration.js";
import {mostHashes, type SentTransaction} from "../execution/sendTransaction.js";
import type {PendingOperation} from "./pendingOperation.js";
import type {PendingRegistration} from "./pendingRegistration.js";

/** What may be in the chain, or come into it, and change a vault. */
export type Pending = {
  readonly registration?: PendingRegistration | undefined;
  readonly operation?: PendingOperation | undefined;
};

/** A message's part of it. */
export type PendingWire = Pick<Registration, "pending" | "operation">;

/** With a registration: if it takes the operation's nonce, whoever looks for the operation finds out what did. */
export const withRegistration = ({operation}: Pending, registration: PendingRegistration): Pending => ({
  registration,
  operation: operation && sharesNonce(operation, registration) ? withHashes(operation, registration.hashes) : operation,
});

/** With an operation, and the hashes of all that the vault may accept or the chain include instead of it. */
export function withOperation({registration, operation: before}: Pending, operation: PendingOperation): Pending {
  const replaced = registration && sharesNonce(registration, operation) ? registration.hashes : [];
  const hashes = [...replaced, ...(before?.hashes ?? []), ...operation.hashes];
  return {registration, operation: withHashes({...operation, hashes: []}, hashes)};
}

const sharesNonce = (one: SentTransaction, other: SentTransaction): boolean =>
  one.wallet === other.wallet && one.nonce === other.nonce;

const withHashes = (operation: PendingOperation, more: readonly string[]): PendingOperation => ({
  ...operation,
  hashes: [...new Set([...operation.hashes, ...more])].slice(-mostHashes),
});

export const toWire = ({registration, operation}: Pending): PendingWire => ({
  ...(registration && {
    pending: {
      ...sentToWire(registration),
      deposit_root: registration.depositRoot,
      deadline: registration.deadline,
      public_keys: [...registration.publicKeys],
    },
  }),
  ...(operation && {operation: {...sentToWire(operation), manager_nonce: operation.managerNonce}}),
});

export const fromWire = ({pending, operation}: PendingWire): Pending => ({
  ...(pending && {
    registration: {
      ...sentFromWire(pending),
      depositRoot: pending.deposit_root,
      deadline: pending.deadline,
      publicKeys: pending.public_keys,
    },
  }),
  ...(operation && {operation: {...sentFromWire(operation), managerNonce: operation.manager_nonce}}),
});

const sentToWire = ({wallet, nonce, hashes, fees}: SentTransaction) => ({
  wallet,
  nonce,
  hashes: [...hashes],
  max_fee_per_gas: String(fees.maxFeePerGas),
  max_priority_fee_per_gas: String(fees.maxPriorityFeePerGas),
});

const sentFromWire = (wire: ReturnType<typeof sentToWire>): SentTransaction => ({
  wallet: wire.wallet,
  nonce: wire.nonce,
  hashes: wire.hashes,
  fees: {maxFeePerGas: BigInt(wire.max_fee_per_gas), maxPriorityFeePerGas: BigInt(wire.max_priority_fee_per_gas)},
});
