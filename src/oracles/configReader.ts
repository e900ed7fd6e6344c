import {connectExecution, type Execution} from "../execution/connectExecution.js";
import {type Announced, type Announcements, type KeeperContract, readAnnounced} from "../execution/keeper.js";
import type {Chain, NodeOptions} from "../execution/node.js";
import {fetchIpfs} from "../ipfs/fetchIpfs.js";
import type {Logger} from "../runtime/logger.js";
import {type AnnouncedConfig, readAnnouncedConfig} from "./announcedConfig.js";

export type ReadOptions = {
  /** As EXECUTION_ENDPOINT has them. */
  readonly endpoints: string;
  readonly gateways: readonly URL[];
  readonly network: Chain;
  readonly logger: Logger;
  readonly node?: NodeOptions;
  /** For one gateway of IPFS. */
  readonly gatewayTimeoutMs?: number;
  /** Blocks read, of those to read: where the last announcement is not known, and as far as it is not found. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
};

/** Asks the chain, and IPFS, until the signal aborts. What was read of the chain stays read, also when what comes after it fails. */
export function createConfigReader(keeper: KeeperContract, signal: AbortSignal, options: ReadOptions) {
  const {endpoints, gateways, network, logger, node, gatewayTimeoutMs, onProgress} = options;
  let execution: Execution | undefined;
  let read: Announcements | undefined;

  const tell = (now: Announcements, firstBlock: number): void => {
    read = now;
    const last = now.block.number;
    onProgress?.(last + 1 - now.noneFrom, last + 1 - firstBlock);
  };
  return {
    /** `known`: what an earlier reading found, in another process. `seenBlock`: a block that a node has, or it is behind. */
    async announced(known: Announcements | undefined, seenBlock: number): Promise<Announced> {
      execution ??= await connectExecution(endpoints, {chain: network, signal, logger, ...node});
      const announced = await execution.run((one) =>
        readAnnounced(one, keeper, {known: read ?? known, seenBlock, onProgress: tell}),
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
