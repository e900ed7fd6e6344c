import type {OracleSet} from "./oracleSet.js";

/** The current oracle set. A caller reads it once for work that belongs together, so that no work mixes two sets. */
export type LiveOracles = {
  current(): OracleSet;
};

/** An oracle set that says how long ago it was found to be the current one; 0 if it never changes. */
export type CheckedOracles = LiveOracles & {checkedAgoMs(): number};

/** An oracle set that never changes, such as that of a file. */
export const fixedOracles = (oracleSet: OracleSet): CheckedOracles => ({
  current: () => oracleSet,
  checkedAgoMs: () => 0,
});
