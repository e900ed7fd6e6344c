import {setTimeout as delay} from "node:timers/promises";
import type {Anvil} from "./anvil.js";

type Call = {readonly to: string; readonly data: string};
type Receipt = {readonly status: string};

const maxTries = 1000;
const pauseMs = 10;

/** Calls a contract and returns once the call is in a block: anvil may answer before. */
export async function sendTransaction(anvil: Anvil, call: Call): Promise<void> {
  await untilInBlock(anvil, await submit(anvil, call));
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

async function submit({rpc}: Anvil, {to, data}: Call): Promise<string> {
  const [from] = await rpc<string[]>("eth_accounts");
  return rpc<string>("eth_sendTransaction", {from, to, data, gas: "0xf42400"});
}

async function untilInBlock({rpc}: Anvil, hash: string): Promise<void> {
  for (let tries = 0; tries < maxTries; tries++) {
    const receipt = await rpc<Receipt | null>("eth_getTransactionReceipt", hash);
    if (receipt?.status === "0x1") return;
    if (receipt) throw new Error(`the transaction ${hash} was reverted`);
    await delay(pauseMs);
  }
  throw new Error(`the transaction ${hash} was in no block after ${maxTries} looks, ${pauseMs} ms apart`);
}
