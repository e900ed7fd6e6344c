import type {FindHolders} from "../../clusters/live/findHolders.js";
import type {Holders} from "../../store/holders.js";

/** For roles that follow what the relayer has decided. */
export const findHoldersIn =
  ({find}: Pick<Holders, "find">): FindHolders =>
  (wanted) =>
    find([...wanted.keys()]);
