import type {Deposit} from "../../schemas/deposit.js";
import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import type {ExitId} from "../exits/exitId.js";

/** An exit that an operator requests, and the deposit to be signed with it, if any; `rotation`: of an active validator, for another oracle set. */
export type RequestedExit = ExitId & {readonly deposit?: Deposit | undefined; readonly rotation?: true | undefined};
/** An exit's result, with the signature of its deposit (96 bytes in hex) if one was requested. */
export type CompletedExit = {
  exit: ExitId;
  oraclesConfigHash: string;
  result: OraclesExitSignatureShares;
  deposit?: Deposit & {signature: string};
};
/** An exit that cannot come, with the rejection's code and reason. */
export type RejectedExit = {exit: ExitId; code: string; reason: string};

/** The requested exits by their outcome, each list in the order of the request. */
export type ExitsOutcome = {completed: CompletedExit[]; rejected: RejectedExit[]; missing: ExitId[]};

/** Receives the progress of a request; `exit` is the one that was answered just now, `completed` or rejected. */
export type OnProgress = (progress: {
  answered: number;
  /** How many of the answered ones. */
  rejected: number;
  total: number;
  /** The exits that are not answered, at any later moment too. */
  unanswered: () => readonly ExitId[];
  exit?: ExitId;
  completed?: boolean;
  /** The rejection's. */
  code?: string;
}) => void;
