import {DvtError, dispositions, type ErrorCode} from "../errors.js";

/** What a relayer could not read: it answered, and said why. */
export class RelayerProblem extends DvtError {
  /** The code as the relayer gave it, which may be one of a later version. */
  readonly problem: string;

  constructor(problem: string, reason: string) {
    if (isCode(problem)) super(problem, `ask the relayer: ${reason}`);
    else super("BUS_UNAVAILABLE", `ask the relayer: it cannot answer: ${reason} [${problem}]`);
    this.problem = problem;
  }
}

const isCode = (code: string): code is ErrorCode => code in dispositions;
