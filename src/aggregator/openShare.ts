import {decrypt} from "../ecies/ecies.js";

/**
 * What `use` makes of the share in plain, which is overwritten after that. Any of the keys may be its own: shares under a key
 * that was replaced are still on their way, and stored. Throws when none is, or when `use` does.
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
      // The next one may be its key.
    }
  }
  return decrypt(privateKeys.at(-1) as Uint8Array, ciphertext);
}
