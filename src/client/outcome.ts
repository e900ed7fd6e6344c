import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import type {ExitId} from "../exits/exitId.js";

export type CompletedExit = {exit: ExitId; oraclesConfigHash: string; result: OraclesExitSignatureShares};
export type RejectedExit = {exit: ExitId; code: string; reason: string};

/** What became of the exits that were asked for, each list in the order they were asked for. */
export type ExitsOutcome = {completed: CompletedExit[]; rejected: RejectedExit[]; missing: ExitId[]};

/** How far it got; `exit` is the one that was answered just now, `completed` or rejected. */
export type OnProgress = (progress: {answered: number; total: number; exit?: ExitId; completed?: boolean}) => void;
