import {DvtError} from "../../errors.js";
import {knowsRegistry, openRegistry} from "../opening/openRegistry.js";

type Opening = Omit<Parameters<typeof openRegistry>[0], "firstRead">;

/**
 * The index that the first of these validators will get. USAGE where nothing is set that knows it, or where some of them have
 * their index already: the others would not get those after it.
 */
export async function nextIndexFor(publicKeys: readonly string[], opening: Opening): Promise<number> {
  if (!knowsRegistry(opening.config)) {
    throw new DvtError(
      "USAGE",
      "operator request: --start-index is needed where CONSENSUS_ENDPOINT and EXECUTION_ENDPOINT are not set",
    );
  }
  const registry = await openRegistry({...opening, firstRead: "waits"});
  const {nextIndex, isRegistered} = await registry.read(publicKeys);
  const registered = publicKeys.filter(isRegistered);
  if (registered.length > 0) {
    throw new DvtError(
      "USAGE",
      `operator request: ${registered.length} of the validators have an index already, ${registered[0]} among them; give --start-index`,
    );
  }
  opening.logger.info({start_index: nextIndex}, "the first validator gets the chain's next index");
  return nextIndex;
}
