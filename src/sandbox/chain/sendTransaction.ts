import {setTimeout as delay} from "node:timers/promises";
import type {Anvil} from "./anvil.js";

/** `to` is missing where a contract is made; `from` is anvil's account unless another is impersonated; wei. */
export type Call = {readonly to?: string; readonly data: string; readonly from?: string; readonly value?: bigint};
export type Log = {readonly address: string; readonly topics: readonly string[]; readonly data: string};
export type Receipt = {
  readonly status: string;
  readonly contractAddress: string | null;
  readonly gasUsed: string;
  readonly blockNumber: string;
  readonly logs: readonly Log[];
};

const maxTries = 1000;
const pauseMs = 10;

/** Calls a contract and returns once the call is in a block: anvil may answer before. */
export async function sendTransaction(anvil: Anvil, call: Call): Promise<Receipt> {
  return untilInBlock(anvil, await submit(anvil, call));
}

/** Makes these calls, in this order, in one block. */
export async function sendInOneBlock(anvil: Anvil, calls: readonly Call[]): Promise<void> {
  const hashes: string[] = [];
  await anvil.rpc("evm_setAutomine", false);
  for (const call of calls) hashes.push(await submit(anvil, call));
  await anvil.rpc("evm_setAutomine", true);
  await anvil.rpc("anvil_mine", "0x1");
  for (const hash of hashes) await untilInBlock(anvil, hash);
}

/** Returns its hash while it waits for a block. */
export async function submit({rpc}: Anvil, {from, value = 0n, ...call}: Call): Promise<string> {
  const sender = from ?? (await rpc<string[]>("eth_accounts"))[0];
  return rpc<string>("eth_sendTransaction", {from: sender, ...call, value: `0x${value.toString(16)}`, gas: "0xf42400"});
}

export async function untilInBlock({rpc}: Anvil, hash: string): Promise<Receipt> {
  for (let tries = 0; tries < maxTries; tries++) {
    const receipt = await rpc<Receipt | null>("eth_getTransactionReceipt", hash);
    if (receipt?.status === "0x1") return receipt;
    if (receipt) throw new Error(`the transaction ${hash} was reverted`);
    await delay(pauseMs);
  }
  throw new Error(`the transaction ${hash} was in no block after ${maxTries} looks, ${pauseMs} ms apart`);
}
