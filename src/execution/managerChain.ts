import {type Address, type Hex, keccak256, size} from "viem";
import {readContract} from "viem/actions";
import type {Execution} from "./connectExecution.js";
import {EndpointError} from "./failure.js";
import {readLatest} from "./heads.js";
import {vaultAbi} from "./stakeWiseAbi.js";

/** The network puts these contracts at the same addresses everywhere: https://eips.ethereum.org/EIPS/eip-7002, eip-7251 */
const queues = {
  withdraw: "0x00000961ef480eb55e80d19ad83579a64c007002",
  consolidate: "0x0000bbddc7ce488642fb579f8b00f3a590007251",
} as const;

/** What withdrawals, consolidations and top-ups read of the latest block; EXECUTION_UNAVAILABLE, EXECUTION_CHAIN_MISMATCH. */
export type ManagerChain = {
  /** Wei for one request, if it comes into the next block; it rises with every request. */
  readRequestFee(of: keyof typeof queues): Promise<bigint>;
  /** Which of these public keys (48 bytes in lower-case hex with 0x) the vault knows as compounding validators. */
  findCompounding(publicKeys: readonly string[]): Promise<ReadonlySet<string>>;
};

/** `vault`: 20 bytes in hex with 0x. */
export const createManagerChain = ({run}: Execution, vault: string): ManagerChain => ({
  readRequestFee: (of) =>
    run(async (node) => {
      await readLatest(node);
      // A call without data asks for the fee.
      const call = {to: queues[of]};
      const word: Hex = await node.ask((client) => client.request({method: "eth_call", params: [call, "latest"]}));
      if (size(word) === 32) return BigInt(word);
      throw new EndpointError(node.host, `the queue ${queues[of]} answers ${size(word)} bytes instead of 32`);
    }),
  findCompounding: (publicKeys) =>
    run(async (node) => {
      const {number} = await readLatest(node);
      const known = await Promise.all(
        publicKeys.map((key) =>
          node.ask((client) =>
            readContract(client, {
              address: vault as Address,
              abi: vaultAbi,
              functionName: "v2Validators",
              args: [keccak256(key as Hex)],
              blockNumber: BigInt(number),
            }),
          ),
        ),
      );
      return new Set(publicKeys.filter((_, position) => known[position]));
    }),
});
