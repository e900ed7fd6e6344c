import {type Address, BaseError, encodeFunctionData, type Hex, parseAbi, RpcRequestError, size} from "viem";
import {readLatest} from "./heads.js";
import type {ExecutionNode} from "./node.js";
import {revertOf} from "./reverts.js";

/** What an account answers to a signature: an account without code answers nothing, a contract may refuse, in words. */
export type SignatureAnswer = "accepted" | "no contract" | {readonly refuses: string};

/** https://eips.ethereum.org/EIPS/eip-1271 */
const abi = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);
/** As a word of the ABI; its first bytes are the function's own selector. */
const accepted = `0x1626ba7e${"0".repeat(56)}`;
const longestReason = 100;

export type AskedSignature = {
  /** Who asks. 20 bytes in hex with 0x, as all of these are hex. */
  readonly vault: string;
  /** 20 bytes */
  readonly account: string;
  /** 32 bytes */
  readonly digest: string;
  readonly signature: string;
};

/** Asks a contract whether it accepts a signature, as the vault asks it. */
export async function readSignatureAnswer(
  node: ExecutionNode,
  {vault, account, digest, signature}: AskedSignature,
): Promise<SignatureAnswer> {
  if (!(await hasCode(node, account))) return "no contract";
  const data = encodeFunctionData({abi, functionName: "isValidSignature", args: [digest as Hex, signature as Hex]});
  const call = {from: vault as Address, to: account as Address, data};
  return node.ask((client) => client.request({method: "eth_call", params: [call, "latest"]}).then(toAnswer, orRefusal));
}

/** Whether there is a contract at the address, as of the latest block. */
export async function hasCode(node: ExecutionNode, address: string): Promise<boolean> {
  await readLatest(node);
  const code = await node.ask((client) => client.request({method: "eth_getCode", params: [address as Address, "latest"]}));
  return code !== undefined && code !== "0x";
}

/** Its first word counts, as in OpenZeppelin's SignatureChecker, which the vault uses. */
function toAnswer(answer: Hex): SignatureAnswer {
  if (answer.slice(0, accepted.length) === accepted) return "accepted";
  if (size(answer) < 32)
    return {refuses: `it answers ${size(answer)} bytes to isValidSignature, so it is no contract that signs`};
  return {refuses: `it answers ${answer.slice(0, 10)} to isValidSignature`};
}

function orRefusal(error: unknown): SignatureAnswer {
  const reverted = revertOf(error);
  if (reverted) return {refuses: `isValidSignature reverts: ${reverted.revert.slice(0, longestReason)}`};
  const failed = error instanceof BaseError ? error.walk((it) => it instanceof RpcRequestError) : undefined;
  if (failed instanceof RpcRequestError && ofCode.test(failed.details)) return {refuses: "isValidSignature fails"};
  throw error;
}

/** What geth, Nethermind, Besu and anvil say of code that ends without a revert. */
const ofCode = /opcode|out of gas|bad instruction|invalid operation|VM (execution )?error/i;
