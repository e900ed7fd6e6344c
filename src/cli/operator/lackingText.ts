import type {RejectedExit} from "../../client/outcome.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import {printable} from "../../runtime/printable.js";

/** What did not come, a line each, after a title. */
export const lackingText = (
  title: string,
  {rejected, missing}: {readonly rejected: readonly RejectedExit[]; readonly missing: readonly ExitId[]},
): string =>
  [
    title,
    ...rejected.map(({exit, code, reason}) => `  ${exitKeyOf(exit)} ${code}: ${printable(reason)}`),
    ...missing.map((exit) => `  ${exitKeyOf(exit)} has not come`),
  ].join("\n");
