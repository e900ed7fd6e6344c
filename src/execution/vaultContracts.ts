import {type Address, type Hex, size, toFunctionSelector} from "viem";
import type {Execution} from "./connectExecution.js";
import type {DepositContract} from "./depositContract.js";
import {EndpointError} from "./failure.js";
import {readLatest} from "./heads.js";
import type {ExecutionNode} from "./node.js";

/** What contracts say at the latest block: 32 bytes in hex with 0x. EXECUTION_UNAVAILABLE where they do not, or nobody can be asked. */
export type VaultContracts = {
  /** https://github.com/ethereum/consensus-specs/blob/v1.5.0/solidity_deposit_contract/deposit_contract.sol */
  depositRoot(): Promise<string>;
  /** How many signatures of its validators manager the vault (20 bytes in hex with 0x) took: each is good once. */
  managerNonce(vault: string): Promise<string>;
};

export function createVaultContracts({run}: Execution, {address}: Pick<DepositContract, "address">): VaultContracts {
  return {
    depositRoot: () => run((node) => readWord(node, address, "get_deposit_root()")),
    managerNonce: (vault) => run((node) => readWord(node, vault, "validatorsManagerNonce()")),
  };
}

async function readWord(node: ExecutionNode, contract: string, signature: string): Promise<string> {
  // One that is behind says what was true then: what is signed for it is void.
  await readLatest(node);
  const call = {to: contract as Address, data: toFunctionSelector(`function ${signature}`)};
  try {
    // Not client.call(), which would follow a contract that sends it to a server of its own (EIP-3668).
    const word: Hex = await node.ask((client) => client.request({method: "eth_call", params: [call, "latest"]}));
    if (size(word) === 32) return word;
    throw new EndpointError(
      node.host,
      word === "0x" ? "there is no such contract" : `it answers ${size(word)} bytes instead of 32`,
    );
  } catch (error) {
    throw error instanceof EndpointError ? error.whileAsking(`${signature} of ${contract}`) : error;
  }
}
