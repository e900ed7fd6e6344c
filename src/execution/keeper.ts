import {type Address, parseAbi} from "viem";
import {EndpointError} from "./failure.js";
import {type BlockRef, readFinalized, readLatest} from "./heads.js";
import type {ExecutionNode} from "./node.js";
import {assertSameChain, findLastLog} from "./scanLogs.js";

/** The address of StakeWise's Keeper, and the first block that can have its logs. */
export type KeeperContract = {readonly address: string; readonly firstBlock: number};

/** https://docs.stakewise.io/for-developers/networks */
export const keeperContracts: Readonly<Record<string, KeeperContract>> = {
  mainnet: {address: "0x6b5815467da09daa7dc83db21c9239d98bb487b5", firstBlock: 21_471_524},
  hoodi: {address: "0xa7d1ac9d6f32b404c75626874ba56f7654c1dc0f", firstBlock: 94_090},
  gnosis: {address: "0xcac0e3e35d3ba271cd2aabe688ac9db1898c26aa", firstBlock: 37_640_206},
};

/** https://github.com/stakewise/v3-core/blob/v4.0.0/contracts/interfaces/IKeeperOracles.sol */
const events = parseAbi(["event ConfigUpdated(string configIpfsHash)"]);

/** What was read of the Keeper's announcements, backwards from the latest. */
export type Announcements = {
  /** The final block up to which the chain was read. */
  readonly block: BlockRef;
  /** There is no announcement from this block up to `block`. */
  readonly noneFrom: number;
  /** The IPFS hash of the last config announced by then, as the Keeper has it, which may be any text. */
  readonly ipfsHash?: string | undefined;
};

/** The latest announced config of the protocol. */
export type AnnouncedHashes = {
  /** The latest final announcement. */
  readonly final: Announcements & {readonly ipfsHash: string};
  /** The latest announcement with its block, which may be reorganised away if it is not final. */
  readonly latest: {readonly ipfsHash: string; readonly block: number};
};

type ReadOptions = {
  readonly known?: Announcements | undefined;
  /** A block that the node must have, or it is behind. */
  readonly seenBlock: number;
  /** Called with the progress, from which another read can continue, and the first block of the contract. */
  readonly onProgress: (read: Announcements, firstBlock: number) => void;
};

/** Reads the announcements of the Keeper from one node; EXECUTION_UNAVAILABLE if it is behind or has no announcement at all. */
export async function readAnnounced(
  node: ExecutionNode,
  contract: KeeperContract,
  reading: ReadOptions,
): Promise<AnnouncedHashes> {
  const latest = await readLatest(node);
  if (latest.number < reading.seenBlock) throw new EndpointError(node.host, `it is behind, at block ${latest.number}`);
  const final = await readFinal(node, contract, reading);
  const log = await findLastLog(node, {...eventsOf(contract), fromBlock: final.block.number + 1, lastBlock: latest.number});
  const recent = log && {ipfsHash: log.args.configIpfsHash, block: Number(log.blockNumber)};
  return {final, latest: recent ?? {ipfsHash: final.ipfsHash, block: final.block.number}};
}

const eventsOf = ({address}: KeeperContract) => ({address: address as Address, events});

async function readFinal(
  node: ExecutionNode,
  contract: KeeperContract,
  {known, onProgress}: Omit<ReadOptions, "seenBlock">,
): Promise<AnnouncedHashes["final"]> {
  const head = await readFinalized(node);
  const before = known ?? {block: head, noneFrom: head.number + 1};
  // A node that is behind does not move the known block back.
  const block = head.number < before.block.number ? before.block : {number: head.number, hash: head.hash};
  if (head.number >= before.block.number) await assertSameChain(node, before.block, head);
  const added = await findLastLog(node, {...eventsOf(contract), fromBlock: before.block.number + 1, lastBlock: head.number});
  const ipfsHash = added?.args.configIpfsHash ?? before.ipfsHash;
  if (ipfsHash !== undefined) return {block, noneFrom: block.number + 1, ipfsHash};
  const found = await findLastLog(node, {
    ...eventsOf(contract),
    fromBlock: contract.firstBlock,
    lastBlock: before.noneFrom - 1,
    onNone: (noneFrom) => onProgress({block, noneFrom}, contract.firstBlock),
  });
  if (found) return {block, noneFrom: block.number + 1, ipfsHash: found.args.configIpfsHash};
  throw new EndpointError(node.host, `it has no config announced by the Keeper ${contract.address}: has it dropped old logs?`);
}
