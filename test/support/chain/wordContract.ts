import {randomBytes} from "node:crypto";
import {toHex} from "../../../src/runtime/hex.js";
import type {Anvil} from "../../../src/sandbox/chain/anvil.js";

/** Of get_deposit_root() and validatorsManagerNonce(). */
export const selectors = {depositRoot: "c5f2892f", managerNonce: "24a14b14"} as const;

/**
 * Answers the selector with what is at slot 0 of its storage, and reverts at any other.
 *
 *     PUSH0 CALLDATALOAD PUSH1 e0 SHR PUSH4 <selector> EQ PUSH1 11 JUMPI
 *     PUSH0 PUSH0 REVERT
 *     JUMPDEST PUSH0 SLOAD PUSH0 MSTORE PUSH1 20 PUSH0 RETURN
 */
const codeFor = (selector: string): string => `0x5f3560e01c63${selector}146011575f5ffd5b5f545f5260205ff3`;

export type WordContract = {
  readonly address: string;
  /** From now on. */
  says(word: bigint): Promise<void>;
};

/** A contract of the test's own with one function, which returns 32 bytes. */
export async function deployWordContract(
  {rpc}: Anvil,
  selector: string,
  address = toHex(randomBytes(20)),
): Promise<WordContract> {
  await rpc("anvil_setCode", address, codeFor(selector));
  return {
    address,
    async says(word) {
      await rpc("anvil_setStorageAt", address, `0x${"0".repeat(64)}`, `0x${word.toString(16).padStart(64, "0")}`);
    },
  };
}
