import {type Address, type Hex, hashTypedData} from "viem";
import {toHex} from "../runtime/hex.js";
import {toAccount} from "./account.js";

/** The message that a vault's validators manager signs; `validatorsRegistryRoot` is 32 bytes in hex with 0x. */
export type VaultMessage = {readonly vault: string; readonly validatorsRegistryRoot: string; readonly validators: Uint8Array};

/** Signs messages for vaults. */
export type VaultSigner = {
  /** In the mixed case of EIP-55. */
  readonly address: string;
  /** What a contract that is the manager is asked about: 32 bytes in hex with 0x. */
  digestOf(message: VaultMessage): string;
  /** 65 bytes in hex with 0x: r, s, and 27 or 28. With `safe`, an address: as an owner of that Safe, which is the manager. */
  sign(message: VaultMessage, safe?: string): Promise<string>;
};

/** https://eips.ethereum.org/EIPS/eip-712 */
const types = {
  VaultValidators: [
    {name: "validatorsRegistryRoot", type: "bytes32"},
    {name: "validators", type: "bytes"},
  ],
} as const;

/** https://github.com/safe-global/safe-smart-account/blob/v1.4.1/contracts/handler/CompatibilityFallbackHandler.sol */
const safeTypes = {SafeMessage: [{name: "message", type: "bytes"}]} as const;

/** Creates a signer for a secp256k1 key of 32 bytes; KEY_FILE_INVALID if it is not one. */
export function createVaultSigner(privateKey: Uint8Array, chainId: number): VaultSigner {
  const account = toAccount(privateKey);
  const toTyped = ({vault, validatorsRegistryRoot, validators}: VaultMessage) =>
    ({
      domain: {name: "VaultValidators", version: "1", chainId, verifyingContract: vault as Address},
      types,
      primaryType: "VaultValidators",
      message: {validatorsRegistryRoot: validatorsRegistryRoot as Hex, validators: toHex(validators) as Hex},
    }) as const;
  return {
    address: account.address,
    digestOf: (message) => hashTypedData(toTyped(message)),
    sign: (message, safe) =>
      safe === undefined
        ? account.signTypedData(toTyped(message))
        : account.signTypedData({
            domain: {chainId, verifyingContract: safe as Address},
            types: safeTypes,
            primaryType: "SafeMessage",
            message: {message: hashTypedData(toTyped(message))},
          }),
  };
}
