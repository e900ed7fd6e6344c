import type {ClusterDefinition} from "../cluster.js";

/** Says, as often as it is asked, what a cluster's definition is by now. */
export type DefinitionReader = {
  /** What it says cannot be a slip, and is in force for everybody: it is taken also while exits are open. */
  readonly isFinal: boolean;
  /**
   * The same object, or the same error, as long as nothing has changed. Undefined while it is not known yet: `ready` resolves
   * when it is, or cannot be.
   */
  read(): Promise<ClusterDefinition | undefined>;
  ready(): Promise<void>;
  stop(): Promise<void>;
};
