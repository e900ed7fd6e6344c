import {type Address, getAddress, type Hex, size, slice, toFunctionSelector} from "viem";
import type {Execution} from "./connectExecution.js";
import type {DepositContract} from "./depositContract.js";
import {EndpointError} from "./failure.js";
import {readLatest} from "./heads.js";
import type {ExecutionNode} from "./node.js";
import {type AskedSignature, hasCode, readSignatureAnswer, type SignatureAnswer} from "./signatureAnswer.js";

/** Reads contracts at the latest block, or EXECUTION_UNAVAILABLE. Words are 32 bytes in hex with 0x. */
export type VaultContracts = {
  /** https://github.com/ethereum/consensus-specs/blob/v1.5.0/solidity_deposit_contract/deposit_contract.sol */
  depositRoot(): Promise<string>;
  /**
   * How many signatures of its validators manager the vault (20 bytes in hex with 0x) has accepted: each is valid once. With a depth, in
   * the block that so many are on top of, itself included.
   */
  managerNonce(vault: string, depth?: number): Promise<string>;
  /** The account that the vault names as its validators manager, in the mixed case of EIP-55. */
  validatorsManager(vault: string): Promise<string>;
  isContract(address: string): Promise<boolean>;
  askSignature(asked: AskedSignature): Promise<SignatureAnswer>;
};

export function createVaultContracts({run}: Execution, {address}: Pick<DepositContract, "address">): VaultContracts {
  return {
    depositRoot: () => run((node) => readWord(node, address, "get_deposit_root()")),
    managerNonce: (vault, depth) => run((node) => readWord(node, vault, "validatorsManagerNonce()", depth)),
    validatorsManager: async (vault) => {
      const word = await run((node) => readWord(node, vault, "validatorsManager()"));
      return getAddress(slice(word as Hex, 12));
    },
    isContract: (address) => run((node) => hasCode(node, address)),
    askSignature: (asked) => run((node) => readSignatureAnswer(node, asked)),
  };
}

const toBlock = (number: number): Hex => `0x${number.toString(16)}`;

async function readWord(node: ExecutionNode, contract: string, signature: string, depth = 1): Promise<string> {
  // A node that is behind gives an old value, and a signature for that is void.
  const {number} = await readLatest(node);
  const block = depth === 1 ? "latest" : toBlock(Math.max(number - depth + 1, 0));
  const call = {to: contract as Address, data: toFunctionSelector(`function ${signature}`)};
  try {
    // Not client.call(), which would follow a contract to a server of its choice (EIP-3668).
    const word: Hex = await node.ask((client) => client.request({method: "eth_call", params: [call, block]}));
    if (size(word) === 32) return word;
    throw new EndpointError(
      node.host,
      word === "0x" ? "there is no such contract" : `it answers ${size(word)} bytes instead of 32`,
    );
  } catch (error) {
    throw error instanceof EndpointError ? error.whileAsking(`${signature} of ${contract}`) : error;
  }
}
