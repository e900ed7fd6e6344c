import type {Network} from "../../../consensus/networks.js";
import {DvtError} from "../../../errors.js";
import type {Logger} from "../../../runtime/logger.js";
import {userPath} from "../../../runtime/userPath.js";
import type {SsvChain} from "./ssvChain.js";

/** The variables of executionEnv. */
export type SsvChainConfig = {
  readonly EXECUTION_ENDPOINT?: string;
  readonly SSV_CHECKPOINT_FILE: string;
  readonly SSV_CONTRACT?: string;
};

type Options = {
  readonly config: SsvChainConfig;
  readonly env: Record<string, string | undefined>;
  readonly network: Network;
  readonly logger: Logger;
  /** Called with the blocks read, and all blocks to read, while a role waits. */
  readonly onProgress?: (done: number, total: number) => void;
};

/**
 * Follows the SSV clusters of participants.json; loads, requests and writes nothing before the first one. Throws CONFIG_INVALID
 * without EXECUTION_ENDPOINT, EXECUTION_UNAVAILABLE, EXECUTION_CHAIN_MISMATCH, SSV_CHECKPOINT_INVALID.
 */
export function openSsvChain({config, env, network, logger, onProgress}: Options): SsvChain {
  const {EXECUTION_ENDPOINT: endpoints, SSV_CONTRACT: contract} = config;
  let opened: Promise<SsvChain> | undefined;
  const open = async (): Promise<SsvChain> => {
    if (endpoints === undefined) {
      throw new DvtError(
        "CONFIG_INVALID",
        "read an SSV cluster from the chain: EXECUTION_ENDPOINT is not set; set it, or name the keyshares file in participants.json",
      );
    }
    const checkpointFile = userPath(config.SSV_CHECKPOINT_FILE, env);
    // viem takes a third of a second to load.
    const {followSsv} = await import("./followSsv.js");
    return followSsv({endpoints, contract, checkpointFile, network, logger, onProgress});
  };
  return {
    async follow(cluster) {
      // After a failure, the next call tries again.
      opened ??= open().catch((error) => {
        opened = undefined;
        throw error;
      });
      return (await opened).follow(cluster);
    },
    stop: async () => (await opened?.catch(() => undefined))?.stop(),
  };
}
