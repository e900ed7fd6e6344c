import type {Hex} from "viem";
import {type PrivateKeyAccount, privateKeyToAccount} from "viem/accounts";
import {DvtError} from "../errors.js";
import {toHex} from "../runtime/hex.js";

/** The account of a secp256k1 key of 32 bytes; KEY_FILE_INVALID if it is not one. */
export function toAccount(privateKey: Uint8Array): PrivateKeyAccount {
  try {
    return privateKeyToAccount(toHex(privateKey) as Hex);
  } catch {
    // No cause, because the library's error may quote the key.
    throw new DvtError("KEY_FILE_INVALID", "sign for a vault or a wallet: the key is not a secp256k1 key");
  }
}
