import {getBlock} from "viem/actions";
import {EndpointError} from "./failure.js";
import type {ExecutionNode} from "./node.js";

/** A block by number and hash. */
export type BlockRef = {readonly number: number; readonly hash: string};

/** A block with its timestamp. */
export type ChainBlock = BlockRef & {readonly timestamp: number};

/** The chains have a block every few seconds. */
const oldMs = 600_000;

/**
 * Reads the latest block; EXECUTION_UNAVAILABLE from a node that is behind, because a syncing node answers as if the chain ended
 * there.
 */
export async function readLatest(node: ExecutionNode): Promise<ChainBlock> {
  const latest = await readBlock(node, "latest");
  const minutes = Math.floor((Date.now() / 1000 - latest.timestamp) / 60);
  if (minutes * 60_000 < oldMs) return latest;
  throw new EndpointError(
    node.host,
    `its latest block ${latest.number} is ${minutes} minutes old: it is behind, or this machine's clock is wrong`,
  );
}

/** Reads the last final block, likewise. */
export async function readFinalized(node: ExecutionNode): Promise<ChainBlock> {
  await readLatest(node);
  return readBlock(node, "finalized");
}

async function readBlock(node: ExecutionNode, blockTag: "latest" | "finalized"): Promise<ChainBlock> {
  const {number, hash, timestamp} = await node.ask((client) => getBlock(client, {blockTag}));
  return {number: Number(number), hash: hash as string, timestamp: Number(timestamp)};
}
