import type {AbiEvent, Address, GetLogsReturnType} from "viem";
import {getBlock, getLogs} from "viem/actions";
import {EndpointError} from "./failure.js";
import type {ExecutionNode} from "./node.js";

type LogFilter<E extends readonly AbiEvent[]> = {readonly address: Address; readonly events: E};

/** Some providers silently cap an answer, at a round number of logs. */
const capUnit = 1000;

/**
 * Reads a contract's logs of these blocks, in the order of the chain. EXECUTION_UNAVAILABLE if they are not what was requested,
 * or so many that the answer may be capped: then fewer blocks must be requested.
 */
export async function readLogs<const E extends readonly AbiEvent[]>(
  node: ExecutionNode,
  {address, events}: LogFilter<E>,
  from: number,
  to: number,
): Promise<GetLogsReturnType<undefined, E, true>> {
  const logs = await node.ask((client) =>
    getLogs(client, {address, events, strict: true, fromBlock: BigInt(from), toBlock: BigInt(to)}),
  );
  const isAsked = ({blockNumber, address: of}: {blockNumber: bigint | null; address: string}): boolean =>
    blockNumber !== null && blockNumber >= from && blockNumber <= to && of.toLowerCase() === address.toLowerCase();
  if (!logs.every(isAsked)) throw new EndpointError(node.host, "it answers with logs that were not requested");
  if (from < to && logs.length > 0 && logs.length % capUnit === 0) {
    throw new EndpointError(node.host, `it answers with ${logs.length} logs, which may not be all`, "less");
  }
  return logs.sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex) as typeof logs;
}

/** Some blocks have no logs. */
const blocksTried = 8;

/**
 * EXECUTION_UNAVAILABLE from a node that has dropped the logs around this block and answers as if there were none, although the
 * header of a block shows that it has some.
 */
export async function assertHasLogs(node: ExecutionNode, fromBlock: number): Promise<void> {
  for (let number = fromBlock; number < fromBlock + blocksTried; number++) {
    const block = BigInt(number);
    const {logsBloom} = await node.ask((client) => getBlock(client, {blockNumber: block}));
    if (logsBloom === null || BigInt(logsBloom) === 0n) continue;
    const [first] = await node.ask((client) => getLogs(client, {fromBlock: block, toBlock: block}));
    // Erigon may have the logs, but not the index that it uses for those of one contract.
    const found =
      first && (await node.ask((client) => getLogs(client, {address: first.address, fromBlock: block, toBlock: block})));
    if (found && found.length > 0) return;
    throw new EndpointError(node.host, `it has dropped the logs of block ${number}, although its header shows that it has some`);
  }
}
