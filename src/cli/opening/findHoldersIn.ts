import type {FindHolders} from "../../clusters/live/findHolders.js";
import type {Holders} from "../../store/holders.js";

/** For roles that only read the holders that the relayer stored. */
export const findHoldersIn =
  ({find}: Pick<Holders, "find">): FindHolders =>
  (wanted) =>
    find([...wanted.keys()]);
