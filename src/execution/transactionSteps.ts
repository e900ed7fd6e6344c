import type {BlockRef} from "./heads.js";
import type {TooDear} from "./tooDear.js";

/** What happens to a transaction, as it happens. */
export type TransactionStep =
  | {readonly step: "sent"; readonly hash: string; readonly nonce: number; readonly replaces: boolean}
  | {readonly step: "included"; readonly hash: string; readonly block: BlockRef; readonly gasUsed: bigint}
  /** It is in a block, and did nothing. */
  | {readonly step: "failed"; readonly hash: string; readonly block: BlockRef}
  /** A reorganisation of the chain took the block away. */
  | {readonly step: "reorganised"; readonly hash: string}
  /** The wallet sent something else with its nonce. */
  | {readonly step: "nonce taken"; readonly nonce: number}
  /** It stays as it is, because more than the limit would have to be paid; in wei for a unit of gas. */
  | ({readonly step: "fees"} & TooDear)
  /** Nodes have another one of the wallet with this nonce, which pays more. */
  | {readonly step: "underpriced"; readonly nonce: number}
  /** No node says what became of it, or takes one that pays more; in words. It is followed all the same. */
  | {readonly step: "unavailable"; readonly error: string};

/** Told each step. */
export type TellTransaction = (step: TransactionStep) => void;
