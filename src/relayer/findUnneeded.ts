import {expected} from "../errors.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {exitOf, type Relayer} from "./relayer.js";

/**
 * The open exits that nobody needs for the current oracle set: their results are for another set, and their validators are
 * registered by now. By exit key, with the hash of the other set.
 */
export async function findUnneeded(
  relayer: Relayer,
  open: readonly StoredRequest[],
  configHash: string,
): Promise<ReadonlyMap<string, string>> {
  if (!relayer.followed || open.length === 0) return new Map();
  const exits = open.map((request) => exitOf(relayer, request));
  const sets = await relayer.exits.findOtherSets(exits, configHash);
  const answeredExits = exits.filter((exit) => sets.has(exitKeyOf(exit)));
  if (answeredExits.length === 0) return new Map();
  const registered = await findRegistered(relayer.followed, answeredExits);
  return new Map([...sets].filter(([key]) => registered.has(key)));
}

/** The exit keys of registered validators; none if the registry is unavailable: asking for an exit once too often does no harm. */
async function findRegistered(
  {registry, outage}: NonNullable<Relayer["followed"]>,
  exits: readonly ExitId[],
): Promise<ReadonlySet<string>> {
  try {
    const {isRegistered} = await registry.read(exits.map(({publicKey}) => publicKey));
    outage.served();
    return new Set(exits.filter(({publicKey}) => isRegistered(publicKey)).map(exitKeyOf));
  } catch (error) {
    outage.failed(expected(error).message);
    return new Set();
  }
}

type UnneededExit = {exit: ExitId; request: StoredRequest; answeredFor: string};

/** Closes an exit whose requesters received the result for another set. */
export async function closeUnneeded({requests}: Relayer, {exit, request, answeredFor}: UnneededExit): Promise<void> {
  if (await requests.markAnswered(exit, answeredFor, request.deposit)) await requests.markRegistered([exit]);
}
