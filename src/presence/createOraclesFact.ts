import type {LiveOracles} from "../oracles/liveOracles.js";
import type {Facts} from "./createPresence.js";
import {createSince} from "./createSince.js";

/** The oracle set that a role works with, and since when. `now`: the bus's clock. */
export function createOraclesFact(
  oracles: LiveOracles,
  source: "file" | "chain",
  now: () => number,
): () => Pick<Facts, "oracles"> {
  const sinceOf = createSince<string>(now);
  return () => {
    const {configHash} = oracles.current();
    return {oracles: {config_hash: configHash, since: sinceOf(configHash), source}};
  };
}
