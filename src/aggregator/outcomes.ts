import {DvtError} from "../errors.js";
import type {Gathered, SignatureShare} from "./gathered.js";

/** A word for what came of a share, now or later; or why it is refused or tried again. */
export type Outcome = string | Promise<string> | Error;
export type Outcomes = Map<SignatureShare, Outcome>;

/** That came of all its shares, but for those of which something is known already. */
export function settle({came}: Pick<Gathered<SignatureShare>, "came">, outcome: Outcome, outcomes: Outcomes): void {
  // Whoever asked for it is told of a failure; that may be a moment later.
  if (outcome instanceof Promise) outcome.catch(() => {});
  for (const share of came) if (!outcomes.has(share)) outcomes.set(share, outcome);
}

/** Those that are not wanted, and of which nothing else is known, brought nothing: their shares are held already. */
export function settleHeld<G extends Pick<Gathered<SignatureShare>, "came">>(
  looked: readonly G[],
  wanting: readonly G[],
  outcomes: Outcomes,
): void {
  const wanted = new Set(wanting);
  for (const it of looked) if (!wanted.has(it)) settle(it, "held already", outcomes);
}

/** What came of each, in their order. Those of which nothing is known are kept until others come. */
export const toPromises = (shares: readonly SignatureShare[], outcomes: Outcomes): Promise<string>[] =>
  shares.map(async (share) => {
    const outcome = await (outcomes.get(share) ?? "collecting");
    if (outcome instanceof Error) throw outcome;
    return outcome;
  });

/** Takes all of them together; where that fails unexpectedly, each alone: it may be one's alone, and is not to keep the others. */
export async function takeAll<S extends SignatureShare, G extends Gathered<S>>(
  shares: readonly S[],
  {gather, take}: {gather: (shares: readonly S[]) => G[]; take: (gathered: readonly G[]) => Promise<void>},
  outcomes: Outcomes,
): Promise<void> {
  const all = gather(shares);
  try {
    await take(all);
  } catch (error) {
    // A store that is away is away for all of them.
    if (error instanceof DvtError || all.length === 1) throw error;
    for (const alone of gather(shares.filter((share) => !outcomes.has(share)))) {
      await take([alone]).catch((own: Error) => settle(alone, own, outcomes));
    }
  }
}
