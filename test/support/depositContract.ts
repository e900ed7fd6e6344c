import {randomBytes} from "node:crypto";
import {encodeAbiParameters, type Hex} from "viem";
import {toHex} from "../../src/runtime/hex.js";
import type {TestDeposit} from "../unit/support/deposits.js";
import type {Anvil} from "./anvil.js";
import {logsItsCalldata} from "./logsItsCalldata.js";

/** As the deposit contract's own compiler has it, so that a slip in our ABI is found. */
const topic = "649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5";

export type TestDepositContract = {
  readonly address: string;
  deposit(...deposits: readonly TestDeposit[]): Promise<void>;
};

/** A contract of the test's own that emits the deposit contract's event, whatever is deposited. Each deposit is a block. */
export async function deployDepositContract({rpc}: Anvil): Promise<TestDepositContract> {
  const address = toHex(randomBytes(20));
  await rpc("anvil_setCode", address, logsItsCalldata);
  const [from] = await rpc<string[]>("eth_accounts");
  let index = 0n;
  return {
    address,
    async deposit(...deposits) {
      for (const {publicKey, withdrawalCredentials, amount, signature} of deposits) {
        const data = encodeAbiParameters(Array(5).fill({type: "bytes"}), [
          ...[publicKey, withdrawalCredentials, littleEndian(amount), signature, littleEndian(index++)],
        ]);
        await rpc("eth_sendTransaction", {from, to: address, data: `0x${topic}${data.slice(2)}`, gas: "0xf42400"});
      }
    },
  };
}

function littleEndian(value: bigint): Hex {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return toHex(bytes) as Hex;
}
