import {decrypt} from "../../ecies/ecies.js";

/**
 * Opens a share, gives it to `use`, and overwrites it afterwards. Tries every key: shares under a key that was replaced may still
 * be on their way, or stored. Throws when no key opens it, or when `use` throws.
 */
export function openShare<T>(
  privateKeys: readonly Uint8Array[],
  ciphertext: Uint8Array,
  use: (signatureShare: Uint8Array) => T,
): T {
  const signatureShare = decryptWithAny(privateKeys, ciphertext);
  try {
    return use(signatureShare);
  } finally {
    signatureShare.fill(0);
  }
}

function decryptWithAny(privateKeys: readonly Uint8Array[], ciphertext: Uint8Array): Uint8Array {
  for (const privateKey of privateKeys.slice(0, -1)) {
    try {
      return decrypt(privateKey, ciphertext);
    } catch {
      // The next key may open it.
    }
  }
  return decrypt(privateKeys.at(-1) as Uint8Array, ciphertext);
}
