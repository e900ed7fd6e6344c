import type {AbiEvent, Address, GetLogsReturnType} from "viem";
import {DvtError} from "../errors.js";
import {createBlockRange} from "./blockRange.js";
import {EndpointError} from "./failure.js";
import type {ExecutionNode} from "./node.js";

export type BlockRef = {readonly number: number; readonly hash: string};
export type FinalizedBlock = BlockRef & {readonly timestamp: number};

export type LogsPage<E extends readonly AbiEvent[]> = {
  /** In the order of the chain. */
  readonly logs: GetLogsReturnType<undefined, E, true>;
  /** The last block of which it has the logs. */
  readonly toBlock: number;
  /** The block up to which the scan goes. */
  readonly head: FinalizedBlock;
};

type Wanted<E extends readonly AbiEvent[]> = {
  readonly address: Address;
  readonly events: E;
  readonly fromBlock: number;
};

type Scan<E extends readonly AbiEvent[]> = Wanted<E> & {
  /** A finalized block that an earlier scan went up to. EXECUTION_CHAIN_MISMATCH when this node has another one in its place. */
  readonly known?: BlockRef | undefined;
  readonly onPage: (page: LogsPage<E>) => Promise<void>;
};

/**
 * Hands out a contract's logs from `fromBlock` to the finalized head, page by page, in ranges as long as the node answers: what
 * is finalized is never taken back. Logs that do not fit their event are left out. Returns the head.
 */
export async function scanLogs<const E extends readonly AbiEvent[]>(node: ExecutionNode, scan: Scan<E>): Promise<FinalizedBlock> {
  const head = await readFinalized(node);
  if (scan.known && scan.fromBlock <= head.number) await assertSameChain(node, scan.known, head);
  await scanRange(node, {...scan, lastBlock: head.number, onPage: (page) => scan.onPage({...page, head})});
  return head;
}

type Range<E extends readonly AbiEvent[]> = Wanted<E> & {
  readonly lastBlock: number;
  readonly onPage: (page: Omit<LogsPage<E>, "head">) => Promise<void>;
};

/** The same up to this block, which may not be final: what was handed out of it may be taken back. */
export async function scanRange<const E extends readonly AbiEvent[]>(node: ExecutionNode, scan: Range<E>): Promise<void> {
  const range = createBlockRange();
  for (let from = scan.fromBlock; from <= scan.lastBlock; ) {
    const toBlock = Math.min(from + range.blocks() - 1, scan.lastBlock);
    const logs = await readLogs(node, scan, from, toBlock).catch((error: unknown) => {
      if (!(error instanceof EndpointError) || error.remedy !== "less" || from === toBlock) throw error;
    });
    if (!logs) {
      range.refused(toBlock + 1 - from);
      continue;
    }
    range.answered();
    await scan.onPage({logs, toBlock});
    from = toBlock + 1;
  }
}

async function readFinalized(node: ExecutionNode): Promise<FinalizedBlock> {
  const {number, hash, timestamp} = await node.ask((client) => client.getBlock({blockTag: "finalized"}));
  return {number: Number(number), hash, timestamp: Number(timestamp)};
}

async function assertSameChain(node: ExecutionNode, known: BlockRef, head: BlockRef): Promise<void> {
  const {hash} =
    head.number === known.number ? head : await node.ask((client) => client.getBlock({blockNumber: BigInt(known.number)}));
  if (hash === known.hash) return;
  throw new DvtError(
    "EXECUTION_CHAIN_MISMATCH",
    `ask execution endpoint ${node.host}: its block ${known.number} is another one than was final before; it is of another chain`,
  );
}

async function readLogs<const E extends readonly AbiEvent[]>(
  node: ExecutionNode,
  {address, events}: Wanted<E>,
  from: number,
  to: number,
): Promise<GetLogsReturnType<undefined, E, true>> {
  const logs = await node.ask((client) =>
    client.getLogs({address, events, strict: true, fromBlock: BigInt(from), toBlock: BigInt(to)}),
  );
  const isAsked = ({blockNumber, address: of}: {blockNumber: bigint | null; address: string}): boolean =>
    blockNumber !== null && blockNumber >= from && blockNumber <= to && of.toLowerCase() === address.toLowerCase();
  if (!logs.every(isAsked)) throw new EndpointError(node.host, "it answers with logs that were not asked for");
  return logs.sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex) as typeof logs;
}
