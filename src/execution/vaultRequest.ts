import {decodeFunctionData, type Hex} from "viem";
import {vaultAbi} from "./stakeWiseAbi.js";
import type {Call} from "./wallet.js";

/** What a call asks a vault's validators for, whoever signed it. */
export type VaultRequest = {
  readonly kind: "withdraw" | "consolidate" | "fund";
  /** 20 bytes in lower-case hex with 0x. */
  readonly vault: string;
  /** In the order of their keys: 48 bytes in hex with 0x, and gwei, or the target's key in a consolidation. */
  readonly validators: readonly {readonly publicKey: string; readonly asked: number | string}[];
};

const kinds = {withdrawValidators: "withdraw", consolidateValidators: "consolidate", fundValidators: "fund"} as const;
/** Hex digits: of a validator in the call, and where what is asked begins. */
const layouts = {withdraw: [112, 96], consolidate: [192, 96], fund: [368, 352]} as const;

/** Undefined if it asks for nothing of the kind. */
export function readRequest({to, data}: Pick<Call, "to" | "data">): VaultRequest | undefined {
  const {functionName, args: [of] = []} = decode(data) ?? {};
  if (functionName === "multicall") return readRequest({to, data: (of as readonly string[]).at(-1) ?? "0x"});
  const kind = Object.hasOwn(kinds, functionName ?? "") ? kinds[functionName as keyof typeof kinds] : undefined;
  if (!kind) return undefined;
  const [size, from] = layouts[kind];
  const validators = [...(of as string).slice(2).matchAll(new RegExp(`[0-9a-f]{${size}}`, "g"))].map(([piece]) => ({
    publicKey: `0x${piece.slice(0, 96)}`,
    asked: kind === "consolidate" ? `0x${piece.slice(from)}` : Number(`0x${piece.slice(from)}`),
  }));
  return {kind, vault: to.toLowerCase(), validators: validators.sort((a, b) => (a.publicKey < b.publicKey ? -1 : 1))};
}

/** Whether both ask for the same, in whatever order. */
export const asksForSame = (one: VaultRequest | undefined, other: VaultRequest | undefined): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other);

/** Undefined if it is no call of a vault that is known. */
function decode(data: string): {functionName: string; args?: readonly unknown[] | undefined} | undefined {
  try {
    return decodeFunctionData({abi: vaultAbi, data: data as Hex});
  } catch {
    return undefined;
  }
}
