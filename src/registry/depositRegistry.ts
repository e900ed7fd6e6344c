import type {Network} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {connectExecution} from "../execution/connectExecution.js";
import {depositContractOf} from "../execution/depositContract.js";
import {type DepositsPage, readDepositsToLatest, scanDeposits} from "../execution/depositEvents.js";
import type {BlockRef, ChainBlock} from "../execution/heads.js";
import type {ExecutionNode, NodeOptions} from "../execution/node.js";
import {createBatches} from "../runtime/batches.js";
import type {LockOptions} from "../runtime/lockFile.js";
import {openDepositCheckpoint} from "./depositCheckpoint.js";
import {markOf} from "./keySet.js";
import type {RegistryView, ValidatorRegistry} from "./validatorRegistry.js";
import {createFindValid, findValid} from "./validDeposits.js";

/** How deposits are read. */
export type DepositRegistryOptions = LockOptions & {
  /** In the format of EXECUTION_ENDPOINT. */
  readonly endpoints: string;
  readonly network: Network;
  readonly checkpointFile: string;
  /** Also aborts reads. */
  readonly signal: AbortSignal;
  /** Address of the deposit contract, if not the network's own. */
  readonly contract?: string;
  readonly node?: NodeOptions;
  /** Called with the block that was read, and the last block to read. */
  readonly onProgress?: (block: number, lastBlock: number) => void;
};

/** A registry from the deposit contract; the first read scans the whole chain, which may take hours. */
export type DepositRegistry = ValidatorRegistry & {close(): Promise<void>};

/**
 * Counts the distinct keys with a valid deposit, up to the latest block. Final deposits are read once and saved in the
 * checkpoint; later ones are read again each time, because the chain may drop them. CONFIG_INVALID on hoodi, whose first
 * validators had no deposits; otherwise errors of connectExecution and openDepositCheckpoint.
 */
export async function openDepositRegistry(options: DepositRegistryOptions): Promise<DepositRegistry> {
  const {endpoints, network, checkpointFile, logger, signal, node, onProgress} = options;
  if (network.name === "hoodi") {
    throw new DvtError(
      "CONFIG_INVALID",
      "count validators: the first validators of hoodi are not in its deposit contract; set CONSENSUS_ENDPOINT",
    );
  }
  const contract = depositContractOf(network.name, options.contract);
  const execution = await connectExecution(endpoints, {chain: network, signal, logger, ...node});
  const of = {network: network.name, contract: contract.address, firstBlock: contract.firstBlock};
  const checkpoint = await openDepositCheckpoint(checkpointFile, {...options, ...of});
  const {keys} = checkpoint;
  const findValidRecent = createFindValid(network);

  const isNew = ({publicKey}: {publicKey: string}): boolean => !keys.has(markOf(publicKey));
  // The node may omit deposits after the last one, so the blocks after it are saved only once the contract's own count is reached.
  const keep = async ({deposits, toBlock, head}: DepositsPage): Promise<void> => {
    const valid = await findValid(deposits.filter(isNew), network, signal);
    const marks = [...new Set(valid.map(({publicKey}) => markOf(publicKey)))].join("");
    const last = deposits.at(-1);
    if (last) await checkpoint.append({toBlock: last.block - 1, deposits: last.index + 1, finalBlock: refOf(head), marks});
    onProgress?.(toBlock, head.number);
  };
  /** Returns the new keys after the final block. */
  const readAll = async (one: ExecutionNode): Promise<ReadonlySet<string>> => {
    const from = () => ({contract, fromBlock: checkpoint.nextBlock, count: checkpoint.deposits});
    const head = await scanDeposits(one, {...from(), known: checkpoint.finalBlock, onPage: keep});
    const recent = await readDepositsToLatest(one, {...from(), fromBlock: Math.max(head.number + 1, checkpoint.nextBlock)});
    if (head.number >= checkpoint.nextBlock) {
      await checkpoint.append({toBlock: head.number, deposits: checkpoint.deposits, finalBlock: refOf(head), marks: ""});
    }
    return new Set((await findValidRecent(recent.filter(isNew))).map(({publicKey}) => publicKey));
  };

  // One read at a time; calls that arrive meanwhile share the next one.
  const readTogether = createBatches<readonly string[], RegistryView>(async (asked) => {
    const recent = await execution.run(readAll);
    const registered = new Set(asked.flat().filter((key) => recent.has(key) || keys.has(markOf(key))));
    const view = {nextIndex: keys.size + recent.size, isRegistered: (key: string) => registered.has(key)};
    return asked.map(() => view);
  });
  return {read: readTogether, close: checkpoint.close};
}

const refOf = ({number, hash}: ChainBlock): BlockRef => ({number, hash});
