import {randomBytes} from "node:crypto";
import {encodeAbiParameters} from "viem";
import {toHex} from "../../../src/runtime/hex.js";
import {type Anvil, finalize} from "../../../src/sandbox/chain/anvil.js";
import {sendTransaction} from "../../../src/sandbox/chain/sendTransaction.js";
import {logsItsCalldata} from "./logsItsCalldata.js";

/** Keccak-256 of ConfigUpdated(string), so that a slip in our ABI is found. */
const topic = "3f8d0d126f4c7f870ec9de90e2f4aa192e5e721bd3c48a77547fb9a7550eed32";

export type TestKeeper = {
  readonly address: string;
  /** As StakeWise's Keeper does when its owner sets a new config; final when it returns, unless it is not to be. */
  announce(ipfsHash: string, options?: {final?: boolean}): Promise<void>;
};

/** A contract of the test's own that emits the Keeper's event. */
export async function deployKeeper(anvil: Anvil): Promise<TestKeeper> {
  const address = toHex(randomBytes(20));
  await anvil.rpc("anvil_setCode", address, logsItsCalldata);
  return {
    address,
    async announce(ipfsHash, {final = true} = {}) {
      const data = `0x${topic}${encodeAbiParameters([{type: "string"}], [ipfsHash]).slice(2)}`;
      await sendTransaction(anvil, {to: address, data});
      if (final) await finalize(anvil);
    },
  };
}
