import {type PublicKey, parseSignature, type Signature, verifySignature} from "../bls/curve.js";
import {recoverSignature} from "../bls/threshold.js";

/** The signature share in these 96 bytes if it signs the root under the public key share, otherwise undefined. */
export function verifyShare(publicKeyShare: PublicKey, root: Uint8Array, bytes: Uint8Array): Signature | undefined {
  try {
    const signature = parseSignature(bytes);
    return verifySignature(publicKeyShare, root, signature) ? signature : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The exit signature recovered from `threshold` of these verified shares, by share index; undefined if there are fewer, or if the
 * result does not verify under the validator's key.
 */
export function recoverExit(
  shares: ReadonlyMap<number, Signature>,
  {threshold, publicKey, root}: {threshold: number; publicKey: PublicKey; root: Uint8Array},
): Signature | undefined {
  if (shares.size < threshold) return undefined;
  try {
    const recovered = recoverSignature(new Map([...shares].slice(0, threshold)));
    return verifySignature(publicKey, root, recovered) ? recovered : undefined;
  } catch {
    // False shares can cancel out to infinity, which is not a signature.
    return undefined;
  }
}
