import {expected} from "../errors.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {ValidatorRegistry} from "../registry/validatorRegistry.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {exitOf, type Relayer} from "./relayer.js";

/**
 * By exit key, those of the open exits that nobody needs for the set in force: they were answered for another set, whose hash it
 * is, and their validators are registered by now.
 */
export async function findUnneeded(
  relayer: Relayer,
  open: readonly StoredRequest[],
  configHash: string,
): Promise<ReadonlyMap<string, string>> {
  if (!relayer.followed || open.length === 0) return new Map();
  const exits = open.map((head) => exitOf(relayer, head));
  const sets = await relayer.exits.findOtherSets(exits, configHash);
  const answered = exits.filter((exit) => sets.has(exitKeyOf(exit)));
  if (answered.length === 0) return new Map();
  const left = await findRegistered(relayer, relayer.followed.registry, answered);
  return new Map([...sets].filter(([key]) => left.has(key)));
}

/** Exit keys; none where nobody can tell: an exit that is asked for once too often does no harm. */
async function findRegistered(
  {logger}: Relayer,
  registry: ValidatorRegistry,
  exits: readonly ExitId[],
): Promise<ReadonlySet<string>> {
  try {
    const {isRegistered} = await registry.read(exits.map(({publicKey}) => publicKey));
    return new Set(exits.filter(({publicKey}) => isRegistered(publicKey)).map(exitKeyOf));
  } catch (error) {
    logger.warn({error: expected(error).message}, "registered validators not known, their exits are asked for again");
    return new Set();
  }
}

type UnneededExit = {exit: ExitId; head: StoredRequest; answeredFor: string};

/** Who asked was told of that result when it was made. */
export async function closeUnneeded({requests}: Relayer, {exit, head, answeredFor}: UnneededExit): Promise<void> {
  if (await requests.markAnswered(exit, answeredFor, head.deposit)) await requests.markRegistered([exit]);
}
