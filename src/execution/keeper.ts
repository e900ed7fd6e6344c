import {type Address, parseAbi} from "viem";
import {EndpointError} from "./failure.js";
import type {ExecutionNode} from "./node.js";
import {type BlockRef, scanLogs} from "./scanLogs.js";

/** Where StakeWise's Keeper is, and the first block that can have a log of it. */
export type KeeperContract = {readonly address: string; readonly firstBlock: number};

/** https://docs.stakewise.io/for-developers/networks */
export const keeperContracts: Readonly<Record<string, KeeperContract>> = {
  mainnet: {address: "0x6b5815467da09daa7dc83db21c9239d98bb487b5", firstBlock: 21_471_524},
  hoodi: {address: "0xa7d1ac9d6f32b404c75626874ba56f7654c1dc0f", firstBlock: 94_090},
  gnosis: {address: "0xcac0e3e35d3ba271cd2aabe688ac9db1898c26aa", firstBlock: 37_640_206},
};

/** https://github.com/stakewise/v3-core/blob/v4.0.0/contracts/interfaces/IKeeperOracles.sol */
const events = parseAbi(["event ConfigUpdated(string configIpfsHash)"]);

/** The protocol's config that was announced last, up to this finalized block. */
export type Announced = {
  /** Its hash on IPFS, as the Keeper has it: whatever the text is. */
  readonly ipfsHash: string;
  readonly block: BlockRef;
};

/**
 * What the Keeper has announced by the finalized head; `known`, which an earlier reading returned, where nothing came after it.
 * EXECUTION_UNAVAILABLE when this node knows of no announcement at all.
 */
export async function readAnnounced(
  node: ExecutionNode,
  {address, firstBlock}: KeeperContract,
  known?: Announced,
): Promise<Announced> {
  let ipfsHash = known?.ipfsHash;
  const fromBlock = known ? known.block.number + 1 : firstBlock;
  const head = await scanLogs(node, {
    address: address as Address,
    events,
    fromBlock,
    known: known?.block,
    onPage: async ({logs}) => {
      ipfsHash = logs.at(-1)?.args.configIpfsHash ?? ipfsHash;
    },
  });
  if (ipfsHash === undefined) throw new EndpointError(node.host, `it has no config announced by the Keeper ${address}`);
  // A node that is behind goes back no further than what was read.
  const block = known && head.number < known.block.number ? known.block : {number: head.number, hash: head.hash};
  return {ipfsHash, block};
}
