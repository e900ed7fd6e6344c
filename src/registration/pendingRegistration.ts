import type {SentTransaction} from "../execution/sendTransaction.js";

/** A registration that may be in the chain, or come into it. It is stored before anybody has it. */
export type PendingRegistration = SentTransaction & {
  /** What the last one is valid for: a root (32 bytes in hex with 0x) and a deadline (Unix seconds). */
  readonly depositRoot: string;
  readonly deadline: number;
  /** What it registers. */
  readonly publicKeys: readonly string[];
};
