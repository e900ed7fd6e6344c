import type {ExitsOutcome} from "../../client/outcome.js";
import type {ExitId} from "../../exits/exitId.js";
import type {MissingRead} from "./readMissing.js";

/** A request's outcome for programs, on one line: the completed exits, the rejected ones with the reason, and what the others lack. */
export function outcomeJson(
  {completed, rejected, missing}: ExitsOutcome,
  {medianMs, read}: {medianMs?: number | undefined; read?: MissingRead | undefined},
): string {
  const lines = new Map(read?.page.exits.map((line) => [`${line.public_key}:${line.validator_index}`, line]));
  const named = ({publicKey, validatorIndex}: ExitId) => ({public_key: publicKey, validator_index: validatorIndex});
  const outcome = {
    ...(medianMs !== undefined && {median_ms: medianMs}),
    completed: completed.map(({exit}) => named(exit)),
    rejected: rejected.map(({exit, code, reason}) => ({...named(exit), code, reason})),
    missing: missing.map((exit) => {
      const line = lines.get(`${exit.publicKey}:${exit.validatorIndex}`);
      return {
        ...named(exit),
        ...(line && {state: line.state, opened_at: line.opened_at, has: line.has, needs: line.needs, lacks: line.lacks}),
      };
    }),
  };
  return `${JSON.stringify(outcome)}\n`;
}
