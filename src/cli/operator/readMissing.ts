import {maxOrderSize} from "../../../schemas/order.js";
import type {ExitsPage} from "../../../schemas/status.js";
import type {ExitId} from "../../exits/exitId.js";
import {untilStopped} from "../../runtime/untilStopped.js";
import type {StatusReader} from "../../status/statusReader.js";

/** What the relayer said of the exits that are missing, and which it was asked about. */
export type MissingRead = {readonly asked: readonly ExitId[]; readonly page: Pick<ExitsPage, "at" | "exits">};

/** Asks the relayer what these exits lack, as many at once as a question holds; undefined if no answer comes before `signal`. */
export async function readMissing(
  reader: Pick<StatusReader, "namedExits">,
  exits: readonly ExitId[],
  signal: AbortSignal,
): Promise<MissingRead | undefined> {
  let read: MissingRead | undefined;
  for (let from = 0; from < exits.length; from += maxOrderSize) {
    const asked = exits.slice(from, from + maxOrderSize);
    const named = asked.map(({publicKey, validatorIndex}) => ({public_key: publicKey, validator_index: validatorIndex}));
    // A relayer that does not answer is no reason to fail: what is missing is known all the same.
    const page = await untilStopped(signal, reader.namedExits({exits: named})).catch(() => undefined);
    if (!page) return read;
    read = {asked: exits.slice(0, from + asked.length), page: {at: page.at, exits: [...(read?.page.exits ?? []), ...page.exits]}};
  }
  return read;
}
