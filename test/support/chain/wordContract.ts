import {randomBytes} from "node:crypto";
import {toHex} from "../../../src/runtime/hex.js";
import type {Anvil} from "../../../src/sandbox/chain/anvil.js";

/** Of get_deposit_root() and validatorsManagerNonce(). */
export const selectors = {depositRoot: "c5f2892f", managerNonce: "24a14b14"} as const;

/**
 * Answers the selector with what is at slot 0 of its storage, validatorsManager() with what is at slot 1, and reverts at any other.
 *
 *     PUSH0 CALLDATALOAD PUSH1 e0 SHR
 *     DUP1 PUSH4 <selector> EQ PUSH1 1b JUMPI
 *     PUSH4 <validatorsManager()> EQ PUSH1 24 JUMPI
 *     PUSH0 PUSH0 REVERT
 *     JUMPDEST PUSH0 SLOAD PUSH0 MSTORE PUSH1 20 PUSH0 RETURN
 *     JUMPDEST PUSH1 01 SLOAD PUSH0 MSTORE PUSH1 20 PUSH0 RETURN
 */
const codeFor = (selector: string): string =>
  `0x${["5f3560e01c", `8063${selector}14601b57`, "63b1f0e7c714602457", "5f5ffd", "5b5f545f5260205ff3", "5b6001545f5260205ff3"].join("")}`;

export type WordContract = {
  readonly address: string;
  /** From now on. */
  says(word: bigint): Promise<void>;
  /** As a vault: 20 bytes in hex with 0x. */
  names(manager: string): Promise<void>;
};

/** A contract of the test's own whose functions return 32 bytes. */
export async function deployWordContract(
  {rpc}: Anvil,
  selector: string,
  address = toHex(randomBytes(20)),
): Promise<WordContract> {
  await rpc("anvil_setCode", address, codeFor(selector));
  const store = async (slot: bigint, word: bigint): Promise<void> => {
    await rpc("anvil_setStorageAt", address, toWord(slot), toWord(word));
  };
  return {
    address,
    says: (word) => store(0n, word),
    names: (manager) => store(1n, BigInt(manager)),
  };
}

const toWord = (value: bigint): string => `0x${value.toString(16).padStart(64, "0")}`;
