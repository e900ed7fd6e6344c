import type {Fees} from "../../execution/wallet.js";
import type {ProtocolConfig} from "../../oracles/protocolConfig.js";

/** Whom a plan would ask, a line each. */
export const oracleLines = ({oracles}: Pick<ProtocolConfig, "oracles">, minOracles: number): string[] => [
  `oracles to ask: ${oracles.length}, of which ${minOracles} have to approve:`,
  ...oracles.map(({address, endpoints}) => `  ${address} ${endpoints.map(({host}) => host).join(", ")}`),
];

/** Who would pay; the balance in wei. */
export const walletLine = (of: {readonly address: string; readonly balance: bigint; readonly nonce: number}): string =>
  `wallet ${of.address}, ${of.balance} wei, nonce ${of.nonce}`;

/** What would be paid, in wei for a unit of gas. */
export const gasLine = (fees: Fees, limit: bigint): string =>
  `at most ${fees.maxFeePerGas} wei for a unit of gas, of which ${fees.maxPriorityFeePerGas} are the priority fee; the limit is ${limit}`;

/** Lines as they are printed. */
export const printed = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
