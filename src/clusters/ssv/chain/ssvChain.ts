import type {SsvCluster} from "../../../participants/participants.js";
import type {DefinitionSource} from "../../live/definitionSource.js";

/** Follows clusters of SSV's network contract while a role runs; one scan of the chain serves all of them. */
export type SsvChain = {
  /**
   * Resolves once the chain has been read up to its finalized head, the first time from the contract's first block. Rejects if
   * that fails; another call continues from what has been read.
   */
  follow(cluster: SsvCluster): Promise<DefinitionSource>;
  stop(): Promise<void>;
};
