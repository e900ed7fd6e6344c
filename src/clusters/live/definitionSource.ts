import type {ClusterDefinition} from "../cluster.js";

/** The source of a cluster's definition while a role runs: a file that may change, or the chain. */
export type DefinitionSource = {
  current(): ClusterDefinition;
  /** Calls the listener with every later definition once it is verified; never with an equal one. */
  onChange(listener: (definition: ClusterDefinition) => void): void;
  /** No listener is called after this. */
  stop(): Promise<void>;
};
