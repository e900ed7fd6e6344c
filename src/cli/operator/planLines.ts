import type {Fees} from "../../execution/wallet.js";
import type {ProtocolConfig} from "../../oracles/protocolConfig.js";
import type {ManagerAccount} from "../../vaults/validatorsManager.js";
import {coinsText} from "./coinsText.js";
import {feeText} from "./transactionText.js";

/** Whom a plan would ask, a line each. */
export const oracleLines = ({oracles}: Pick<ProtocolConfig, "oracles">, minOracles: number): string[] => [
  `oracles to ask: ${oracles.length}, of which ${minOracles} have to approve:`,
  ...oracles.map(({address, endpoints}) => `  ${address} ${endpoints.map(({host}) => host).join(", ")}`),
];

type SignedLine = {readonly account: ManagerAccount; readonly key: string; readonly what: string};

/** Who would sign what for the vault; `key`: the key's address. */
export function signerLine({account, key, what}: SignedLine): string {
  const accepts = account.kind === "safe" ? "accepts as its owner's, as a Safe does" : "accepts, as a contract (ERC-1271)";
  const signer =
    account.kind === "key" ? `validators manager ${key}` : `key ${key}, which validators manager ${account.address} ${accepts},`;
  return `${signer} signs ${what} for the vault (EIP-712, VaultValidators)`;
}

type PayingWallet = {readonly address: string; readonly balance: bigint; readonly nonce: number};

/** Who would pay. */
export const walletLine = ({address, balance, nonce}: PayingWallet, stakeUnit: string): string =>
  `wallet ${address}, ${coinsText(balance, stakeUnit)}, nonce ${nonce}`;

/** What would be paid for a unit of gas; wei. */
export const gasLine = (fees: Fees, limit: bigint): string =>
  `at most ${feeText(fees.maxFeePerGas)} for a unit of gas, of which ${feeText(fees.maxPriorityFeePerGas)} are the priority fee; the limit is ${feeText(limit)}`;

/** Lines as they are printed. */
export const printed = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
