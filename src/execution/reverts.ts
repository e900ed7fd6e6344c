import {BaseError, decodeErrorResult, type Hex, RpcRequestError} from "viem";
import {printable} from "../runtime/printable.js";
import {errorsAbi} from "./stakeWiseAbi.js";

/** A call that a contract refused. */
export type Reverted = {
  /**
   * The name of a custom error, `Panic 0x11`, the contract's own text in one short printable line, or 4 bytes in hex of an error that is
   * not known here.
   */
  readonly revert: string;
};

/** Why the contract refused the call that failed with this error of viem; undefined if it is another kind of error. */
export function revertOf(error: unknown): Reverted | undefined {
  const root = error instanceof BaseError ? error.walk((it) => it instanceof RpcRequestError) : undefined;
  if (!(root instanceof RpcRequestError)) return undefined;
  const data = findData(root.data);
  if (data !== undefined) return {revert: nameOf(data)};
  // Geth's code of a revert is 3; others answer -32015 or -32000, and say so in their text alone.
  return root.code === 3 || /\brevert/i.test(root.details) ? {revert: "without a reason"} : undefined;
}

/** Nodes put the bytes into `data`, or into an object there. */
function findData(data: unknown): Hex | undefined {
  if (typeof data === "string") return /0x([0-9a-fA-F]{8}([0-9a-fA-F]{2})*)$/.exec(data)?.[0] as Hex | undefined;
  if (typeof data !== "object" || data === null) return undefined;
  return Object.values(data)
    .map(findData)
    .find((it) => it !== undefined);
}

function nameOf(data: Hex): string {
  try {
    const {errorName, args} = decodeErrorResult({abi: errorsAbi, data});
    const [first] = (args ?? []) as readonly unknown[];
    if ((errorName as string) === "Panic") return `Panic 0x${(first as bigint).toString(16)}`;
    return (errorName as string) === "Error" ? printable(String(first)).slice(0, 200) : errorName;
  } catch {
    return data.slice(0, 10);
  }
}
