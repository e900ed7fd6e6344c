import type {OracleFailure} from "./oracleFailure.js";

/** What else came until the outcome was clear: answers that do not count, also of replicas whose oracle answered otherwise. */
type Failures = {readonly failures: readonly OracleFailure[]};

/** What oracles approve of exits: where they stored the shards, and until when (Unix seconds) the approval holds. */
export type ApprovalTerms = {readonly ipfsHash: string; readonly deadline: number};

/** As many oracles as are needed signed the same terms. */
export type Approved<T = ApprovalTerms> = T &
  Failures & {
    readonly outcome: "approved";
    /** For the contract: 65 bytes of exactly as many oracles as are needed, by ascending address, in hex with 0x. */
    readonly signatures: string;
  };

/** Oracles agree on indexes of validators. */
export type Found = Failures & {
  readonly outcome: "found";
  /** What as many oracles say as recover an exit, in ascending order. */
  readonly indexes: readonly number[];
  /** What fewer oracles say. */
  readonly disputed: readonly number[];
};

/** Too few oracles said the same, or anything that counts. */
export type Lacking<T = ApprovalTerms> = Failures & {
  readonly outcome: "lacking";
  readonly needed: number;
  /** Who said the same, by the hosts, the most first: all too few. */
  readonly groups: readonly {readonly terms: T; readonly hosts: readonly string[]}[];
  /** How many oracles were not waited for, because they could not have made it enough any more. */
  readonly pending: number;
};
