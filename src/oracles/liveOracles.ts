import type {OracleSet} from "./oracleSet.js";

/** The oracle set that is in force. Whoever works with it reads it once for what belongs together: no work mixes two sets. */
export type LiveOracles = {
  current(): OracleSet;
};

/** One that stays as it is, as that of a file. */
export const fixedOracles = (oracleSet: OracleSet): LiveOracles => ({current: () => oracleSet});
