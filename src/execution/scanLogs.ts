import type {AbiEvent, Address, GetLogsReturnType} from "viem";
import {getBlock} from "viem/actions";
import {DvtError} from "../errors.js";
import {createBlockRange} from "./blockRange.js";
import {EndpointError} from "./failure.js";
import {type BlockRef, type ChainBlock, readFinalized} from "./heads.js";
import type {ExecutionNode} from "./node.js";
import {assertHasLogs, readLogs} from "./readLogs.js";

/** One page of a scan. */
export type LogsPage<E extends readonly AbiEvent[]> = {
  /** In the order of the chain. */
  readonly logs: GetLogsReturnType<undefined, E, true>;
  /** The last block of the page. */
  readonly toBlock: number;
  /** The last block of the scan. */
  readonly head: ChainBlock;
};

type LogFilter<E extends readonly AbiEvent[]> = {
  readonly address: Address;
  readonly events: E;
  readonly fromBlock: number;
};

type ScanOptions<E extends readonly AbiEvent[]> = LogFilter<E> & {
  /** The finalized block at which an earlier scan ended; EXECUTION_CHAIN_MISMATCH if this node has another block there. */
  readonly known?: BlockRef | undefined;
  readonly onPage: (page: LogsPage<E>) => Promise<void>;
};

/**
 * Scans a contract's logs from `fromBlock` to the finalized head, page by page, in ranges that the node accepts; final logs never
 * change. Logs that do not match their event are skipped. Returns the head.
 */
export async function scanLogs<const E extends readonly AbiEvent[]>(
  node: ExecutionNode,
  scan: ScanOptions<E>,
): Promise<ChainBlock> {
  const head = await readFinalized(node);
  if (scan.known && scan.fromBlock <= head.number) await assertSameChain(node, scan.known, head);
  await scanRange(node, {...scan, lastBlock: head.number, onPage: (page) => scan.onPage({...page, head})});
  return head;
}

type RangeOptions<E extends readonly AbiEvent[]> = LogFilter<E> & {
  readonly lastBlock: number;
  readonly onPage: (page: Omit<LogsPage<E>, "head">) => Promise<void>;
};

/** Nodes that drop old logs keep at least those of this many blocks. */
const alwaysKept = 5000;

/** Scans up to `lastBlock`, which may not be final, so that logs near it may be reorganised away. */
export async function scanRange<const E extends readonly AbiEvent[]>(node: ExecutionNode, scan: RangeOptions<E>): Promise<void> {
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

type SearchOptions<E extends readonly AbiEvent[]> = LogFilter<E> & {
  readonly lastBlock: number;
  /** Others are passed over. */
  readonly isWanted?: (log: LogsPage<E>["logs"][number]) => boolean;
  /** Called when there is no log from this block on, according to a node that still has the logs of that time. */
  readonly onNone?: (fromBlock: number) => void;
};

/** How many pages pass between two checks that the node still has the logs of that time. */
const pagesBetween = 16;

/** Finds the last log of a contract in a range, reading backwards from its end; undefined if there is none. */
export async function findLastLog<const E extends readonly AbiEvent[]>(
  node: ExecutionNode,
  search: SearchOptions<E>,
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
    const {isWanted = () => true} = search;
    const last = logs.findLast((log) => isWanted(log));
    if (last) return last;
    if (pages % pagesBetween === 0) {
      await assertHasLogs(node, from);
      search.onNone?.(from);
    }
    to = from - 1;
  }
  return undefined;
}

/** For catch(): returns undefined if requesting less may help. */
const unlessLess =
  (from: number, to: number) =>
  (error: unknown): undefined => {
    if (!(error instanceof EndpointError) || error.remedy !== "less" || from === to) throw error;
  };

/** EXECUTION_CHAIN_MISMATCH if the node has another block in place of a known final one. */
export async function assertSameChain(node: ExecutionNode, known: BlockRef, head: BlockRef): Promise<void> {
  const {hash} =
    head.number === known.number ? head : await node.ask((client) => getBlock(client, {blockNumber: BigInt(known.number)}));
  if (hash === known.hash) return;
  throw new DvtError(
    "EXECUTION_CHAIN_MISMATCH",
    `ask execution endpoint ${node.host}: its block ${known.number} differs from the one that was final before; use an endpoint of the right chain`,
  );
}
