import type {SsvCluster} from "../../../participants/participants.js";
import type {DefinitionSource} from "../../live/definitionSource.js";

/** The clusters of SSV's network contract, for as long as a role runs. One scan of the chain serves all of them. */
export type SsvChain = {
  /**
   * The cluster, once the chain was read up to its finalized head: at the first time from the contract's first
   * block. Rejects when that cannot be now; what was read until then is kept, and another call goes on with it.
   */
  follow(cluster: SsvCluster): Promise<DefinitionSource>;
  stop(): Promise<void>;
};
