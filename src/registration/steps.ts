import type {Lacking} from "../approvals/outcome.js";
import type {RejectedExit} from "../client/outcome.js";
import {dearnessOf, type TooDear} from "../execution/tooDear.js";
import type {TellTransaction, TransactionStep} from "../execution/transactionSteps.js";
import type {ExitId} from "../exits/exitId.js";
import type {KeyAmount} from "../vaults/validatorsManager.js";
import type {PlannedRegistration} from "./plannedRegistration.js";
import type {PlannedTopUps} from "./plannedTopUps.js";
import type {EarlierStep} from "./settleOperation.js";

/** Why nothing is registered now. All but the first may pass by themselves. */
export type Obstacle =
  /** How many keys the rules allow, and how many of them sidecars refused within the hour. */
  | {readonly why: "no keys left"; readonly allowed: number; readonly refused: number}
  | {readonly why: "assets"; readonly stakeableGwei: number}
  | ({readonly why: "fees"} & TooDear)
  | {readonly why: "daily limit"}
  /** Validators are to be topped up first, and the vault did that within the last hour. */
  | {readonly why: "topped up lately"; readonly waitS: number}
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
  /** `windowMs`: since the root was read; undefined for a top-up. */
  | (Extract<TransactionStep, {step: "sent"}> & {readonly windowMs: number | undefined})
  | Exclude<TransactionStep, {step: "sent" | "fees" | "unavailable"}>
  | {readonly step: "registered"; readonly hash: string; readonly publicKeys: readonly string[]}
  /** A transaction that an earlier process left. */
  | {readonly step: "following"; readonly hash: string}
  /** The transaction did something else: the journal is another operator's word. */
  | {readonly step: "nothing registered"; readonly hash: string}
  | {readonly step: "no top-ups"; readonly why: string}
  | {readonly step: "topping up"; readonly plan: PlannedTopUps}
  | {readonly step: "topped up"; readonly hash: string; readonly topUps: readonly KeyAmount[]}
  | {readonly step: "earlier"; readonly earlier: EarlierStep}
  | {readonly step: "obstacle"; readonly obstacle: Obstacle};

/** Told each step. */
export type Tell = (step: Step) => void;

/** Tells what happens to a registration's transaction; `windowMs` when it is sent. */
export const toTell =
  (tell: Tell, windowMs: () => number | undefined): TellTransaction =>
  (step) => {
    if (step.step === "sent") return tell({...step, windowMs: windowMs()});
    if (step.step === "unavailable") return tell({step: "obstacle", obstacle: {why: "unavailable", error: step.error}});
    if (step.step !== "fees") return tell(step);
    tell({step: "obstacle", obstacle: {why: "fees", ...dearnessOf(step)}});
  };
