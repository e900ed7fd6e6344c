import {connectExecution, type Execution} from "../execution/connectExecution.js";
import {type AnnouncedHashes, type Announcements, type KeeperContract, readAnnounced} from "../execution/keeper.js";
import type {Chain, NodeOptions} from "../execution/node.js";
import {fetchIpfs} from "../ipfs/fetchIpfs.js";
import type {Logger} from "../runtime/logger.js";
import {type AnnouncedConfig, readAnnouncedConfig} from "./announcedConfig.js";

/** How the chain and IPFS are read. */
export type ReadOptions = {
  /** In the format of EXECUTION_ENDPOINT. */
  readonly endpoints: string;
  readonly gateways: readonly URL[];
  readonly network: Chain;
  readonly logger: Logger;
  readonly node?: NodeOptions;
  /** The timeout for one IPFS gateway. */
  readonly gatewayTimeoutMs?: number;
  /** Called with the blocks read, and all blocks to read, while the last announcement is being searched for. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
};

/**
 * Reads announcements from the chain and configs from IPFS until the signal aborts; keeps what it has read, even if a later step
 * fails.
 */
export function createConfigReader(keeper: KeeperContract, signal: AbortSignal, options: ReadOptions) {
  const {endpoints, gateways, network, logger, node, gatewayTimeoutMs, onProgress} = options;
  let execution: Execution | undefined;
  let read: Announcements | undefined;

  const onRead = (now: Announcements, firstBlock: number): void => {
    read = now;
    const last = now.block.number;
    onProgress?.(last + 1 - now.noneFrom, last + 1 - firstBlock);
  };
  return {
    /** `known`: what an earlier process found. `seenBlock`: a block that the node must have, or it is behind. */
    async announced(known: Announcements | undefined, seenBlock: number): Promise<AnnouncedHashes> {
      execution ??= await connectExecution(endpoints, {chain: network, signal, logger, ...node});
      const announced = await execution.run((one) =>
        readAnnounced(one, keeper, {known: read ?? known, seenBlock, onProgress: onRead}),
      );
      read = announced.final;
      return announced;
    },
    async config(ipfsHash: string): Promise<AnnouncedConfig> {
      const timeout = gatewayTimeoutMs === undefined ? {} : {timeoutMs: gatewayTimeoutMs};
      return readAnnouncedConfig(ipfsHash, await fetchIpfs(ipfsHash, {gateways, signal, ...timeout}));
    },
  };
}
