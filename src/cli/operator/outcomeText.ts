import type {ExitsOutcome} from "../../client/outcome.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import {printable} from "../../runtime/printable.js";
import {groupMissing} from "./groupMissing.js";
import type {MissingRead} from "./readMissing.js";

/** A request's outcome for people: how many are completed, then each exit that is not, and why. */
export function outcomeText(
  {completed, rejected, missing}: ExitsOutcome,
  {medianMs, read}: {medianMs?: number | undefined; read?: MissingRead | undefined},
): {summary: string; details: string} {
  const total = completed.length + rejected.length + missing.length;
  const median = medianMs === undefined ? "" : `, median ${medianMs} ms from request to completion`;
  const reasons = rejected.map(({exit, code, reason}) => `  ${exitKeyOf(exit)} ${code}: ${printable(reason)}\n`);
  return {
    summary: `${completed.length} of ${total} exits completed${median}\n`,
    details: [
      ...(rejected.length > 0 ? ["rejected:\n", ...reasons] : []),
      ...(missing.length > 0 ? ["still missing (run the same command again to go on):\n", ...missingLines(missing, read)] : []),
    ].join(""),
  };
}

function missingLines(missing: readonly ExitId[], read: MissingRead | undefined): string[] {
  const lines = (exits: readonly ExitId[], indent: string): string[] => exits.map((exit) => `${indent}${exitKeyOf(exit)}\n`);
  if (!read) return ["  no relayer says why\n", ...lines(missing, "  ")];
  const asked = new Set(read.asked);
  return [
    ...groupMissing(read.asked, read.page).flatMap(({text, exits}) => [`  ${text}\n`, ...lines(exits, "    ")]),
    ...lines(
      missing.filter((exit) => !asked.has(exit)),
      "  ",
    ),
  ];
}
