import {decrypt} from "../../ecies/ecies.js";

/**
 * Decrypts with whichever key opens it: shares under a key that was replaced may still be on their way, or stored. Throws when none
 * does.
 */
export function openWithAny(privateKeys: readonly Uint8Array[], ciphertext: Uint8Array): Uint8Array {
  for (const privateKey of privateKeys.slice(0, -1)) {
    try {
      return decrypt(privateKey, ciphertext);
    } catch {
      // The next key may open it.
    }
  }
  return decrypt(privateKeys.at(-1) as Uint8Array, ciphertext);
}
