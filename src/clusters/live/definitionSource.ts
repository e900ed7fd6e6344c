import type {ClusterDefinition} from "../cluster.js";

/** Where a cluster's definition comes from, for as long as a role runs: a file that may be changed, or the chain. */
export type DefinitionSource = {
  current(): ClusterDefinition;
  /** Called with every later one, once it is believed; never with one that equals the current. */
  onChange(listener: (definition: ClusterDefinition) => void): void;
  /** No listener is called from here on. */
  stop(): Promise<void>;
};
