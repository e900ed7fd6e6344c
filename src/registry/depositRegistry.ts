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

export type DepositRegistryOptions = LockOptions & {
  /** As EXECUTION_ENDPOINT has them. */
  readonly endpoints: string;
  readonly network: Network;
  readonly checkpointFile: string;
  /** What is being read ends with it too. */
  readonly signal: AbortSignal;
  /** Address of the deposit contract, where it is not the network's own. */
  readonly contract?: string;
  readonly node?: NodeOptions;
  /** The block that was read, and the one to which it is read. */
  readonly onProgress?: (block: number, lastBlock: number) => void;
};

/** The first read takes as long as there is something to scan: hours, where nothing was read before. */
export type DepositRegistry = ValidatorRegistry & {close(): Promise<void>};

/**
 * Distinct keys that were deposited for with a valid signature, up to the latest block. What is final is read once and kept in the
 * checkpoint; what comes after it is read anew each time, for it may be taken back. CONFIG_INVALID on hoodi: its first validators
 * were never deposited for. Otherwise as connectExecution and openDepositCheckpoint.
 */
export async function openDepositRegistry(options: DepositRegistryOptions): Promise<DepositRegistry> {
  const {endpoints, network, checkpointFile, logger, signal, node, onProgress} = options;
  if (network.name === "hoodi") {
    throw new DvtError(
      "CONFIG_INVALID",
      "count validators: those that hoodi began with are not in its deposit contract; set CONSENSUS_ENDPOINT",
    );
  }
  const contract = depositContractOf(network.name, options.contract);
  const execution = await connectExecution(endpoints, {chain: network, signal, logger, ...node});
  const of = {network: network.name, contract: contract.address, firstBlock: contract.firstBlock};
  const checkpoint = await openDepositCheckpoint(checkpointFile, {...options, ...of});
  const {keys} = checkpoint;
  const findValidRecent = createFindValid(network);

  const isNew = ({publicKey}: {publicKey: string}): boolean => !keys.has(markOf(publicKey));
  // After the last deposit some may have been left out: what comes after it is kept once the contract's own count is reached.
  const keep = async ({deposits, toBlock, head}: DepositsPage): Promise<void> => {
    const valid = await findValid(deposits.filter(isNew), network, signal);
    const marks = [...new Set(valid.map(({publicKey}) => markOf(publicKey)))].join("");
    const last = deposits.at(-1);
    if (last) await checkpoint.append({toBlock: last.block - 1, deposits: last.index + 1, finalBlock: refOf(head), marks});
    onProgress?.(toBlock, head.number);
  };
  /** Keys that are new after what is final. */
  const readAll = async (one: ExecutionNode): Promise<ReadonlySet<string>> => {
    const from = () => ({contract, fromBlock: checkpoint.nextBlock, count: checkpoint.deposits});
    const head = await scanDeposits(one, {...from(), known: checkpoint.finalBlock, onPage: keep});
    const recent = await readDepositsToLatest(one, {...from(), fromBlock: Math.max(head.number + 1, checkpoint.nextBlock)});
    if (head.number >= checkpoint.nextBlock) {
      await checkpoint.append({toBlock: head.number, deposits: checkpoint.deposits, finalBlock: refOf(head), marks: ""});
    }
    return new Set((await findValidRecent(recent.filter(isNew))).map(({publicKey}) => publicKey));
  };

  // One after the other, and those who come meanwhile together.
  const readTogether = createBatches<readonly string[], RegistryView>(async (asked) => {
    const recent = await execution.run(readAll);
    const registered = new Set(asked.flat().filter((key) => recent.has(key) || keys.has(markOf(key))));
    const view = {nextIndex: keys.size + recent.size, isRegistered: (key: string) => registered.has(key)};
    return asked.map(() => view);
  });
  return {read: readTogether, close: checkpoint.close};
}

const refOf = ({number, hash}: ChainBlock): BlockRef => ({number, hash});
