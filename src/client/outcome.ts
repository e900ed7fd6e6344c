import type {Deposit} from "../../schemas/deposit.js";
import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import type {ExitId} from "../exits/exitId.js";

/** An exit to ask for, and the deposit that is to be signed with it, if any. */
export type WantedExit = ExitId & {readonly deposit?: Deposit | undefined};
/** With the deposit's signature, 96 bytes in hex, where one was asked for. */
export type CompletedExit = {
  exit: ExitId;
  oraclesConfigHash: string;
  result: OraclesExitSignatureShares;
  deposit?: Deposit & {signature: string};
};
export type RejectedExit = {exit: ExitId; code: string; reason: string};

/** What became of the exits that were asked for, each list in the order they were asked for. */
export type ExitsOutcome = {completed: CompletedExit[]; rejected: RejectedExit[]; missing: ExitId[]};

/** How far it got; `exit` is the one that was answered just now, `completed` or rejected. */
export type OnProgress = (progress: {
  answered: number;
  /** Of those that are answered. */
  rejected: number;
  total: number;
  exit?: ExitId;
  completed?: boolean;
}) => void;
