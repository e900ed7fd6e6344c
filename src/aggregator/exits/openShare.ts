import {openWithAny} from "./openWithAny.js";

/** Opens a stored share, gives it to `use`, and overwrites it afterwards. Throws when no key opens it, or when `use` throws. */
export function openShare<T>(
  privateKeys: readonly Uint8Array[],
  ciphertext: Uint8Array,
  use: (signatureShare: Uint8Array) => T,
): T {
  const signatureShare = openWithAny(privateKeys, ciphertext);
  try {
    return use(signatureShare);
  } finally {
    signatureShare.fill(0);
  }
}
