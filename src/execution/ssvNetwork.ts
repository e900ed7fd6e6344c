import {type Address, parseAbi} from "viem";
import type {BlockRef, ChainBlock} from "./heads.js";
import type {ExecutionNode} from "./node.js";
import {scanLogs} from "./scanLogs.js";

/** The address of the SSV network contract, and the first block that can have its logs. */
export type SsvContract = {readonly address: string; readonly firstBlock: number};

/** https://docs.ssv.network/developers/smart-contracts/ */
export const ssvContracts: Readonly<Record<string, SsvContract>> = {
  mainnet: {address: "0xdd9bc35ae942ef0cfa76930954a156b3ff30a4e1", firstBlock: 17_507_487},
  hoodi: {address: "0x58410bef803ecd7e63b23664c586a6db72daf59c", firstBlock: 1065},
};

/** https://github.com/ssvlabs/ssv-network/blob/v1.2.0/contracts/interfaces/ISSVClusters.sol */
const events = parseAbi([
  "struct Cluster { uint32 validatorCount; uint64 networkFeeIndex; uint64 index; bool active; uint256 balance; }",
  "event ValidatorAdded(address indexed owner, uint64[] operatorIds, bytes publicKey, bytes shares, Cluster cluster)",
  "event ValidatorRemoved(address indexed owner, uint64[] operatorIds, bytes publicKey, Cluster cluster)",
]);

/** An event that anyone may have caused; only its owner is certain. Hex is in lower case. */
export type SsvEvent = {
  readonly owner: string;
  readonly operatorIds: readonly bigint[];
  readonly publicKey: string;
  readonly block: number;
} & ({readonly kind: "added"; readonly sharesData: string} | {readonly kind: "removed"});

type ScanOptions = {
  readonly contract: SsvContract;
  readonly fromBlock: number;
  readonly known?: BlockRef | undefined;
  readonly onPage: (page: {events: readonly SsvEvent[]; toBlock: number; head: ChainBlock}) => Promise<void>;
};

/** Scans registrations and removals in the order of the chain, as scanLogs does. */
export const scanSsvEvents = (node: ExecutionNode, {contract, onPage, ...from}: ScanOptions): Promise<ChainBlock> =>
  scanLogs(node, {
    ...from,
    address: contract.address as Address,
    events,
    onPage: ({logs, toBlock, head}) => onPage({events: logs.map(toSsvEvent), toBlock, head}),
  });

type SsvLog = Parameters<Parameters<typeof scanLogs<typeof events>>[1]["onPage"]>[0]["logs"][number];

function toSsvEvent({eventName, args, blockNumber}: SsvLog): SsvEvent {
  const {owner, operatorIds, publicKey} = args;
  const what = {owner: owner.toLowerCase(), operatorIds, publicKey: publicKey.toLowerCase(), block: Number(blockNumber)};
  return eventName === "ValidatorAdded" ? {...what, kind: "added", sharesData: args.shares} : {...what, kind: "removed"};
}
