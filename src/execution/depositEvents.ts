import {type Address, decodeAbiParameters, numberToHex, parseAbi, toFunctionSelector} from "viem";
import type {DepositContract} from "./depositContract.js";
import {EndpointError} from "./failure.js";
import {type BlockRef, type ChainBlock, readLatest} from "./heads.js";
import type {ExecutionNode} from "./node.js";
import {scanLogs, scanRange} from "./scanLogs.js";

/** https://github.com/ethereum/consensus-specs/blob/v1.5.0/solidity_deposit_contract/deposit_contract.sol */
const events = parseAbi([
  "event DepositEvent(bytes pubkey, bytes withdrawal_credentials, bytes amount, bytes signature, bytes index)",
]);
const countSelector = toFunctionSelector("function get_deposit_count()");

/** A deposit whose signature has not been verified. Hex in lower case with 0x; gwei. */
export type DepositEvent = {
  readonly publicKey: string;
  readonly withdrawalCredentials: string;
  readonly amount: bigint;
  readonly signature: string;
  /** The position of the deposit, from 0, counted by the contract. */
  readonly index: number;
  readonly block: number;
};

/** One page of a scan. */
export type DepositsPage = {readonly deposits: readonly DepositEvent[]; readonly toBlock: number; readonly head: ChainBlock};

type ScanStart = {
  readonly contract: DepositContract;
  readonly fromBlock: number;
  /** The number of known deposits, which may include some from this block on. */
  readonly count: number;
};
type ScanOptions = ScanStart & {
  readonly known?: BlockRef | undefined;
  readonly onPage: (page: DepositsPage) => Promise<void>;
};

/**
 * Scans deposits up to the finalized head in the order of the chain, as scanLogs does; EXECUTION_UNAVAILABLE if one is missing
 * between others.
 */
export function scanDeposits(node: ExecutionNode, {contract, count, onPage, ...from}: ScanOptions): Promise<ChainBlock> {
  const takeNext = inSequence(node, count);
  return scanLogs(node, {
    ...from,
    address: contract.address as Address,
    events,
    onPage: ({logs, ...page}) => onPage({...page, deposits: takeNext(logs)}),
  });
}

/**
 * Reads deposits up to the latest block, as many as the contract itself has counted there. EXECUTION_UNAVAILABLE from a node that
 * is behind or omits any.
 */
export async function readDepositsToLatest(node: ExecutionNode, from: ScanStart, tries = 2): Promise<DepositEvent[]> {
  const {contract, fromBlock, count} = from;
  const {number: lastBlock} = await readLatest(node);
  if (lastBlock < fromBlock - 1) throw new EndpointError(node.host, `it is behind, at block ${lastBlock}`);
  const takeNext = inSequence(node, count);
  const deposits: DepositEvent[] = [];
  await scanRange(node, {
    address: contract.address as Address,
    events,
    fromBlock,
    lastBlock,
    onPage: async ({logs}) => void deposits.push(...takeNext(logs)),
  });
  const counted = await readCount(node, contract, lastBlock);
  if (counted === count + deposits.length) return deposits;
  // The chain may have been reorganised between the two answers.
  if (tries > 1) return readDepositsToLatest(node, from, tries - 1);
  throw new EndpointError(node.host, `it has ${count + deposits.length} deposits, but the contract counts ${counted}`);
}

async function readCount(node: ExecutionNode, {address}: DepositContract, block: number): Promise<number> {
  const call = {to: address as Address, data: countSelector};
  return node.ask(async (client) => {
    const answer = await client.request({method: "eth_call", params: [call, numberToHex(block)]});
    return toNumber(decodeAbiParameters([{type: "bytes"}], answer)[0]);
  });
}

type DepositLog = Parameters<Parameters<typeof scanRange<typeof events>>[1]["onPage"]>[0]["logs"][number];

/** Checks that deposits follow each other without a gap, page by page. */
function inSequence(node: ExecutionNode, count: number): (logs: readonly DepositLog[]) => DepositEvent[] {
  let next = count;
  return (logs) => {
    const deposits = logs.map(toDeposit).filter(({index}) => index >= next);
    for (const {index} of deposits) {
      if (index !== next) throw new EndpointError(node.host, `it omits deposits: number ${index} comes instead of ${next}`);
      next++;
    }
    return deposits;
  };
}

function toDeposit({args, blockNumber}: DepositLog): DepositEvent {
  const {pubkey, withdrawal_credentials, amount, signature, index} = args;
  return {
    publicKey: pubkey.toLowerCase(),
    withdrawalCredentials: withdrawal_credentials.toLowerCase(),
    amount: littleEndian(amount),
    signature: signature.toLowerCase(),
    index: toNumber(index),
    block: Number(blockNumber),
  };
}

/** Decodes 8 bytes; the contract accepts no other length. */
function littleEndian(hex: string): bigint {
  const bytes = Buffer.from(hex.slice(2), "hex");
  return bytes.length === 8 ? bytes.readBigUInt64LE() : 0n;
}
const toNumber = (hex: string): number => Number(littleEndian(hex));
