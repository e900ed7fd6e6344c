import {readFileSync} from "node:fs";
import {join} from "node:path";
import {type Abi, decodeErrorResult, encodeDeployData, getAddress, type Hex} from "viem";
import {projectRoot} from "../../runtime/projectRoot.js";
import type {Anvil} from "./anvil.js";
import {type Call, sendTransaction} from "./sendTransaction.js";

export type ContractName =
  | "ConsolidationsChecker"
  | "ContractManager"
  | "DepositContract"
  | "GnoToken"
  | "GnosisDepositContract"
  | "GnosisVault"
  | "Keeper"
  | "MevEscrow"
  | "RequestQueue"
  | "SafeManager"
  | "Vault";
export type Artifacts = {
  readonly solc: string;
  /** What hashOfSources said when they were compiled. */
  readonly sources: string;
  readonly contracts: Readonly<Record<ContractName, {readonly abi: Abi; readonly bytecode: Hex}>>;
};

/** What `npm run contracts` made of test/contracts/. The package has it in the same place. */
export const artifacts: Artifacts = JSON.parse(
  readFileSync(join(projectRoot, "src/sandbox/contracts/artifacts.json"), "utf8"),
) as Artifacts;

export const abiOf = (name: ContractName): Abi => artifacts.contracts[name].abi;

/** Returns the address, in the mixed case of EIP-55. */
export async function deployContract(anvil: Anvil, name: ContractName, args: readonly unknown[] = []): Promise<Hex> {
  const {contractAddress} = await sendTransaction(anvil, {data: encodeDeployData({...artifacts.contracts[name], args})});
  return getAddress(contractAddress as Hex);
}

/** Every error of the contracts, once. */
const errors = Object.values(artifacts.contracts).flatMap(({abi}) => abi.filter(({type}) => type === "error"));

/** Why this call would revert now: the error's name, `Panic 0x…`, the text of a require, or "" without one; undefined: it would not. */
export async function whyReverted({url}: Anvil, {value = 0n, ...call}: Call, from: string): Promise<string | undefined> {
  const params = [{from, ...call, value: `0x${value.toString(16)}`}, "latest"];
  const body = JSON.stringify({jsonrpc: "2.0", id: 1, method: "eth_call", params});
  const response = await fetch(url, {method: "POST", headers: {"content-type": "application/json"}, body});
  const {error} = (await response.json()) as {error?: {data?: Hex; message: string}};
  if (!error) return undefined;
  if (error.data === undefined) throw new Error(`eth_call: ${error.message}`);
  return error.data === "0x" ? "" : nameError(error.data);
}

function nameError(data: Hex): string {
  const {errorName, args = []} = decodeErrorResult({abi: errors, data}) as {errorName: string; args?: readonly unknown[]};
  if (errorName === "Panic") return `Panic 0x${(args[0] as bigint).toString(16)}`;
  return errorName === "Error" ? String(args[0]) : errorName;
}
