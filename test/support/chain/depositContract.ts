import {randomBytes} from "node:crypto";
import {encodeAbiParameters, type Hex} from "viem";
import {toHex} from "../../../src/runtime/hex.js";
import type {Anvil} from "../../../src/sandbox/chain/anvil.js";
import {sendTransaction} from "../../../src/sandbox/chain/sendTransaction.js";
import type {TestDeposit} from "../examples/deposits.js";

/** As the deposit contract's own compiler has it, so that a slip in our ABI is found. */
const topic = "649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5";

/**
 * Logs what it is called with: a topic of 32 bytes, then the data; and counts that. Called with a selector alone it answers the count.
 *
 *     CALLDATASIZE PUSH1 04 EQ PUSH1 1c JUMPI
 *     PUSH0 SLOAD PUSH1 01 ADD PUSH0 SSTORE                 one more
 *     PUSH0 CALLDATALOAD PUSH1 20 CALLDATASIZE SUB          topic, length of the data
 *     DUP1 PUSH1 20 PUSH0 CALLDATACOPY PUSH0 LOG1 STOP      the data, to memory at 0
 *     JUMPDEST PUSH1 20 PUSH0 MSTORE PUSH1 08 PUSH1 20 MSTORE
 *     PUSH0 SLOAD DUP1 PUSH1 40 MSTORE8                     two bytes of the count, the low one first
 *     PUSH1 08 SHR PUSH1 41 MSTORE8 PUSH1 60 PUSH0 RETURN
 */
const countsItsLogs = `0x${[
  "36600414601c57",
  "5f546001015f55",
  "5f35602036038060205f375fa100",
  "5b60205f526008602052",
  "5f5480604053",
  "60081c60415360605ff3",
].join("")}`;

export type TestDepositContract = {
  readonly address: string;
  deposit(...deposits: readonly TestDeposit[]): Promise<void>;
};

/** A contract of the test's own that emits the deposit contract's event, whatever is deposited. Each deposit is a block. */
export async function deployDepositContract(anvil: Anvil): Promise<TestDepositContract> {
  const address = toHex(randomBytes(20));
  await anvil.rpc("anvil_setCode", address, countsItsLogs);
  const counted = async (): Promise<bigint> => BigInt(await anvil.rpc<string>("eth_getStorageAt", address, "0x0", "latest"));
  return {
    address,
    async deposit(...deposits) {
      for (const {publicKey, withdrawalCredentials, amount, signature} of deposits) {
        const index = await counted();
        const data = encodeAbiParameters(Array(5).fill({type: "bytes"}), [
          ...[publicKey, withdrawalCredentials, littleEndian(amount), signature, littleEndian(index)],
        ]);
        await sendTransaction(anvil, {to: address, data: `0x${topic}${data.slice(2)}`});
      }
    },
  };
}

function littleEndian(value: bigint): Hex {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return toHex(bytes) as Hex;
}
