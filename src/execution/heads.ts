import {EndpointError} from "./failure.js";
import type {ExecutionNode} from "./node.js";

export type BlockRef = {readonly number: number; readonly hash: string};
export type ChainBlock = BlockRef & {readonly timestamp: number};

/** Of a chain that has a block every few seconds. */
const oldMs = 600_000;

/** EXECUTION_UNAVAILABLE from a node that is behind: one that syncs answers as if the chain ended where it is. */
export async function readLatest(node: ExecutionNode): Promise<ChainBlock> {
  const latest = await readBlock(node, "latest");
  if (Date.now() - latest.timestamp * 1000 > oldMs) throw new EndpointError(node.host, `it is behind, at block ${latest.number}`);
  return latest;
}

/** The same of the last block that is never taken back. */
export async function readFinalized(node: ExecutionNode): Promise<ChainBlock> {
  await readLatest(node);
  return readBlock(node, "finalized");
}

async function readBlock(node: ExecutionNode, blockTag: "latest" | "finalized"): Promise<ChainBlock> {
  const {number, hash, timestamp} = await node.ask((client) => client.getBlock({blockTag}));
  return {number: Number(number), hash: hash as string, timestamp: Number(timestamp)};
}
