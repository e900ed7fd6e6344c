import type {AbiEvent, Address, GetLogsReturnType} from "viem";
import {DvtError} from "../errors.js";
import {createBlockRange} from "./blockRange.js";
import {EndpointError} from "./failure.js";
import {type BlockRef, type ChainBlock, readFinalized} from "./heads.js";
import type {ExecutionNode} from "./node.js";
import {assertHasLogs, readLogs} from "./readLogs.js";

export type LogsPage<E extends readonly AbiEvent[]> = {
  /** In the order of the chain. */
  readonly logs: GetLogsReturnType<undefined, E, true>;
  /** The last block of which it has the logs. */
  readonly toBlock: number;
  /** The block up to which the scan goes. */
  readonly head: ChainBlock;
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
export async function scanLogs<const E extends readonly AbiEvent[]>(node: ExecutionNode, scan: Scan<E>): Promise<ChainBlock> {
  const head = await readFinalized(node);
  if (scan.known && scan.fromBlock <= head.number) await assertSameChain(node, scan.known, head);
  await scanRange(node, {...scan, lastBlock: head.number, onPage: (page) => scan.onPage({...page, head})});
  return head;
}

type Range<E extends readonly AbiEvent[]> = Wanted<E> & {
  readonly lastBlock: number;
  readonly onPage: (page: Omit<LogsPage<E>, "head">) => Promise<void>;
};

/** Nodes that drop old logs keep those of so many blocks at the least. */
const alwaysKept = 5000;

/** The same up to this block, which may not be final: what was handed out of it may be taken back. */
export async function scanRange<const E extends readonly AbiEvent[]>(node: ExecutionNode, scan: Range<E>): Promise<void> {
  const range = createBlockRange();
  if (scan.lastBlock - scan.fromBlock > alwaysKept) await assertHasLogs(node, scan.fromBlock);
  for (let from = scan.fromBlock; from <= scan.lastBlock; ) {
    const toBlock = Math.min(from + range.blocks() - 1, scan.lastBlock);
    const logs = await readLogs(node, scan, from, toBlock).catch(unlessLess(from, toBlock));
    if (!logs) {
      range.refused(toBlock + 1 - from);
      continue;
    }
    range.answered();
    await scan.onPage({logs, toBlock});
    from = toBlock + 1;
  }
}

type Search<E extends readonly AbiEvent[]> = Wanted<E> & {
  readonly lastBlock: number;
  /** None of this block or a later one, by a node that has the logs of its time. */
  readonly onNone?: (fromBlock: number) => void;
};

/** Between two looks whether the node still has the logs of the time that is asked for. */
const pagesBetween = 16;

/** The last of a contract's logs in this range, undefined where there is none: read from its end. */
export async function findLastLog<const E extends readonly AbiEvent[]>(
  node: ExecutionNode,
  search: Search<E>,
): Promise<LogsPage<E>["logs"][number] | undefined> {
  const range = createBlockRange();
  for (let to = search.lastBlock, pages = 1; to >= search.fromBlock; pages++) {
    const from = Math.max(to - range.blocks() + 1, search.fromBlock);
    const logs = await readLogs(node, search, from, to).catch(unlessLess(from, to));
    if (!logs) {
      range.refused(to + 1 - from);
      continue;
    }
    range.answered();
    const last = logs.at(-1);
    if (last) return last;
    if (pages % pagesBetween === 0) {
      await assertHasLogs(node, from);
      search.onNone?.(from);
    }
    to = from - 1;
  }
  return undefined;
}

/** Undefined where it helps to ask for less. */
const unlessLess =
  (from: number, to: number) =>
  (error: unknown): undefined => {
    if (!(error instanceof EndpointError) || error.remedy !== "less" || from === to) throw error;
  };

export async function assertSameChain(node: ExecutionNode, known: BlockRef, head: BlockRef): Promise<void> {
  const {hash} =
    head.number === known.number ? head : await node.ask((client) => client.getBlock({blockNumber: BigInt(known.number)}));
  if (hash === known.hash) return;
  throw new DvtError(
    "EXECUTION_CHAIN_MISMATCH",
    `ask execution endpoint ${node.host}: its block ${known.number} is another one than was final before; it is of another chain`,
  );
}
