import type {Collecting, Share} from "./collecting.js";

/** A word for what came of a share, now or later; or why it is refused or tried again. */
export type Outcome = string | Promise<string> | Error;
export type Outcomes = Map<Share, Outcome>;

/** That came of all its shares, but for those of which something is known already. */
export function settle({came}: Pick<Collecting, "came">, outcome: Outcome, outcomes: Outcomes): void {
  // Whoever asked for it is told of a failure; that may be a moment later.
  if (outcome instanceof Promise) outcome.catch(() => {});
  for (const share of came) if (!outcomes.has(share)) outcomes.set(share, outcome);
}
