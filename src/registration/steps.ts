import type {Lacking} from "../approvals/outcome.js";
import type {RejectedExit} from "../client/outcome.js";
import type {BlockRef} from "../execution/heads.js";
import type {ExitId} from "../exits/exitId.js";
import type {PlannedRegistration} from "./plannedRegistration.js";

/** Why nothing is registered now. All but the first may pass by themselves. */
export type Obstacle =
  | {readonly why: "no keys left"}
  | {readonly why: "assets"; readonly stakeableGwei: number}
  | {readonly why: "fees"; readonly maxFeePerGas: bigint; readonly limit: bigint}
  | {readonly why: "daily limit"}
  | {readonly why: "declined"}
  /** A node, the bus or IPFS does not answer; in words. */
  | {readonly why: "unavailable"; readonly error: string}
  | {readonly why: "exits"; readonly rejected: readonly RejectedExit[]; readonly missing: readonly ExitId[]}
  | {readonly why: "oracles"; readonly lacking: Lacking}
  /** The contracts would refuse it now, because the chain changed while it was made. */
  | {readonly why: "reverted"; readonly revert: string};

/** What a registration does, as it does it. */
export type Step =
  | {readonly step: "wallet low"; readonly address: string; readonly balance: bigint}
  | {readonly step: "planned"; readonly plan: PlannedRegistration}
  | {readonly step: "exits ready"; readonly startIndex: number; readonly validators: number; readonly ms: number}
  | {readonly step: "root read"; readonly depositRoot: string; readonly startIndex: number}
  | {readonly step: "approved"; readonly oracles: number; readonly ms: number}
  /** Somebody else deposited: what was signed for the earlier state is of no use. */
  | {readonly step: "moved"; readonly what: "the deposit root" | "the next index"}
  /** `windowMs`: since the root was read. */
  | {readonly step: "sent"; readonly hash: string; readonly nonce: number; readonly replaces: boolean; readonly windowMs: number}
  | {readonly step: "included"; readonly hash: string; readonly block: BlockRef; readonly gasUsed: bigint}
  /** A reorganisation of the chain took the block away. */
  | {readonly step: "reorganised"; readonly hash: string}
  /** It is in a block, and did nothing. */
  | {readonly step: "failed"; readonly hash: string; readonly block: BlockRef}
  /** The wallet sent something else with its nonce. */
  | {readonly step: "nonce taken"; readonly nonce: number}
  | {readonly step: "registered"; readonly hash: string; readonly publicKeys: readonly string[]}
  | {readonly step: "obstacle"; readonly obstacle: Obstacle};

/** Told each step. */
export type Tell = (step: Step) => void;
