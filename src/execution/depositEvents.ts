import {type Address, parseAbi} from "viem";
import type {DepositContract} from "./depositContract.js";
import {EndpointError} from "./failure.js";
import {type BlockRef, type ChainBlock, readLatest} from "./heads.js";
import type {ExecutionNode} from "./node.js";
import {scanLogs, scanRange} from "./scanLogs.js";

/** https://github.com/ethereum/consensus-specs/blob/v1.5.0/solidity_deposit_contract/deposit_contract.sol */
const events = parseAbi([
  "event DepositEvent(bytes pubkey, bytes withdrawal_credentials, bytes amount, bytes signature, bytes index)",
]);

/** What somebody deposited; whether its signature is valid is for others to find out. Hex in lower case with 0x; gwei. */
export type DepositEvent = {
  readonly publicKey: string;
  readonly withdrawalCredentials: string;
  readonly amount: bigint;
  readonly signature: string;
};

export type DepositsPage = {readonly deposits: readonly DepositEvent[]; readonly toBlock: number; readonly head: ChainBlock};

type Reading = {
  readonly contract: DepositContract;
  readonly fromBlock: number;
  readonly known?: BlockRef | undefined;
  readonly onPage: (page: DepositsPage) => Promise<void>;
};

/** Hands out what was deposited up to the finalized head, in the order of the chain, as scanLogs does. */
export const scanDeposits = (node: ExecutionNode, {contract, onPage, ...from}: Reading): Promise<ChainBlock> =>
  scanLogs(node, {
    ...{...from, address: contract.address as Address, events},
    onPage: ({logs, ...page}) => onPage({...page, deposits: logs.map(toDeposit)}),
  });

/** What was deposited after this block, up to the latest one. EXECUTION_UNAVAILABLE from a node that is behind. */
export async function readDepositsAfter(node: ExecutionNode, {address}: DepositContract, block: number): Promise<DepositEvent[]> {
  const {number: lastBlock} = await readLatest(node);
  if (lastBlock < block) throw new EndpointError(node.host, `it is behind, at block ${lastBlock}`);
  const deposits: DepositEvent[] = [];
  await scanRange(node, {
    ...{address: address as Address, events, fromBlock: block + 1, lastBlock},
    onPage: async ({logs}) => void deposits.push(...logs.map(toDeposit)),
  });
  return deposits;
}

type DepositLog = Parameters<Parameters<typeof scanRange<typeof events>>[1]["onPage"]>[0]["logs"][number];

function toDeposit({args: {pubkey, withdrawal_credentials, amount, signature}}: DepositLog): DepositEvent {
  const bytes = Buffer.from(amount.slice(2), "hex");
  return {
    publicKey: pubkey.toLowerCase(),
    withdrawalCredentials: withdrawal_credentials.toLowerCase(),
    amount: bytes.length === 8 ? bytes.readBigUInt64LE() : 0n,
    signature: signature.toLowerCase(),
  };
}
