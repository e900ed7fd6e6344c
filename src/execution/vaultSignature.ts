import type {Address, Hex} from "viem";
import {toHex} from "../runtime/hex.js";
import {toAccount} from "./account.js";

/** The message that a vault's validators manager signs; `validatorsRegistryRoot` is 32 bytes in hex with 0x. */
export type VaultMessage = {readonly vault: string; readonly validatorsRegistryRoot: string; readonly validators: Uint8Array};

/** Signs messages for vaults. */
export type VaultSigner = {
  /** In the mixed case of EIP-55. */
  readonly address: string;
  /** 65 bytes in hex with 0x: r, s, and 27 or 28. */
  sign(message: VaultMessage): Promise<string>;
};

/** https://eips.ethereum.org/EIPS/eip-712 */
const types = {
  VaultValidators: [
    {name: "validatorsRegistryRoot", type: "bytes32"},
    {name: "validators", type: "bytes"},
  ],
} as const;

/** Creates a signer for a secp256k1 key of 32 bytes; KEY_FILE_INVALID if it is not one. */
export function createVaultSigner(privateKey: Uint8Array, chainId: number): VaultSigner {
  const account = toAccount(privateKey);
  return {
    address: account.address,
    sign: ({vault, validatorsRegistryRoot, validators}) =>
      account.signTypedData({
        domain: {name: "VaultValidators", version: "1", chainId, verifyingContract: vault as Address},
        types,
        primaryType: "VaultValidators",
        message: {validatorsRegistryRoot: validatorsRegistryRoot as Hex, validators: toHex(validators) as Hex},
      }),
  };
}
