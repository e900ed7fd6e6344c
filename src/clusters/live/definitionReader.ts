import type {ClusterDefinition} from "../cluster.js";

/** Reads the current definition of a cluster. */
export type DefinitionReader = {
  /** The definition cannot be a mistake and is the same for everybody, so it takes effect even while exits are open. */
  readonly isFinal: boolean;
  /**
   * Returns the same object, or throws the same error, until something changes. Undefined while the definition is unknown:
   * `ready` resolves once it is known or has failed.
   */
  read(): Promise<ClusterDefinition | undefined>;
  ready(): Promise<void>;
  stop(): Promise<void>;
};
