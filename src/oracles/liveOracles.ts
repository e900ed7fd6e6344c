import type {OracleSet} from "./oracleSet.js";

/** The current oracle set. A caller reads it once for work that belongs together, so that no work mixes two sets. */
export type LiveOracles = {
  current(): OracleSet;
};

/** An oracle set that never changes, such as that of a file. */
export const fixedOracles = (oracleSet: OracleSet): LiveOracles => ({current: () => oracleSet});
