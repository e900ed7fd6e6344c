import type {SentTransaction} from "../execution/sendTransaction.js";

/**
 * Transactions of which the vault accepts one at most, because the manager signed them for the same nonce: a withdrawal, a consolidation
 * or a top-up. They are stored before anybody has them. What one of them does, the chain says once it has it.
 */
export type PendingOperation = SentTransaction & {
  /** 32 bytes in hex with 0x. */
  readonly managerNonce: string;
};
