import type {ExitId} from "../../exits/exitId.js";
import type {Blinding} from "../../exits/splitExit.js";
import type {OpenGroup} from "../shares/shareGroup.js";

/** An exit that still needs shares. */
export type ExitGroup = OpenGroup<ExitId> & {
  /** For its split, where there was time to make it beforehand. */
  readonly blinding: Blinding | undefined;
};
