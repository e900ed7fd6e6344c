import {connectExecution, type Execution} from "../execution/connectExecution.js";
import {type Announced, type KeeperContract, readAnnounced} from "../execution/keeper.js";
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
};

/** Asks the chain, and IPFS, until the signal aborts. */
export function createConfigReader(keeper: KeeperContract, signal: AbortSignal, options: ReadOptions) {
  const {endpoints, gateways, network, logger, node, gatewayTimeoutMs} = options;
  let execution: Execution | undefined;
  return {
    async announced(known: Announced | undefined): Promise<Announced> {
      execution ??= await connectExecution(endpoints, {chain: network, signal, logger, ...node});
      return execution.run((one) => readAnnounced(one, keeper, known));
    },
    async config(ipfsHash: string): Promise<AnnouncedConfig> {
      const timeout = gatewayTimeoutMs === undefined ? {} : {timeoutMs: gatewayTimeoutMs};
      return readAnnouncedConfig(ipfsHash, await fetchIpfs(ipfsHash, {gateways, signal, ...timeout}));
    },
  };
}
