import {decodeEventLog, type Hex} from "viem";
import type {Anvil} from "./anvil.js";
import type {DeployedContract} from "./stakeWise.js";

/** An event of a contract, with its arguments by their names. */
export type ContractEvent = {readonly name: string; readonly args: Readonly<Record<string, unknown>>};

type RawLog = {readonly data: Hex; readonly topics: [Hex, ...Hex[]]};

/** Every event that the contract has emitted, in order. */
export async function readEvents({rpc}: Anvil, {address, abi}: DeployedContract): Promise<ContractEvent[]> {
  const logs = await rpc<RawLog[]>("eth_getLogs", {address, fromBlock: "earliest"});
  return logs.map(({data, topics}) => {
    const {eventName = "", args = {}} = decodeEventLog({abi, data, topics});
    return {name: eventName, args: args as unknown as Record<string, unknown>};
  });
}
