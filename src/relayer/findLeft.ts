import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {Head} from "../store/requests.js";
import {exitOf, type Relayer} from "./relayer.js";

/**
 * By exit key, those of the open exits that nobody needs for the set in force: they were answered for another set, whose hash it
 * is, and their validators are registered by now.
 */
export async function findLeft(
  relayer: Relayer,
  open: readonly Head[],
  configHash: string,
): Promise<ReadonlyMap<string, string>> {
  if (!relayer.followed || open.length === 0) return new Map();
  const exits = open.map((head) => exitOf(relayer, head));
  const sets = await relayer.exits.findOtherSets(exits, configHash);
  const answered = exits.filter((exit) => sets.has(exitKeyOf(exit)));
  if (answered.length === 0) return new Map();
  const {isRegistered} = await relayer.followed.registry.read(answered.map(({publicKey}) => publicKey));
  const left = new Set(answered.filter(({publicKey}) => isRegistered(publicKey)).map(exitKeyOf));
  return new Map([...sets].filter(([key]) => left.has(key)));
}

type Left = {exit: ExitId; head: Head; answeredFor: string};

/** Who asked was told of that result when it was made. */
export async function leave({requests}: Relayer, {exit, head, answeredFor}: Left): Promise<void> {
  if (await requests.markAnswered(exit, answeredFor, head.deposit)) await requests.markRegistered([exit]);
}
