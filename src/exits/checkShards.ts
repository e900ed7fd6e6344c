import {type PublicKey, parsePublicKey} from "../bls/curve.js";
import {areOfDegree} from "../bls/threshold.js";

/**
 * Whether all public key shards (48 bytes each, in the oracles' order) and the validator's key are on one polynomial of degree
 * threshold - 1: then any threshold of shards that verify under them recover the validator's exit, and fewer do not.
 */
export function areShardsOf(publicKey: PublicKey, publicKeyShards: readonly Uint8Array[], threshold: number): boolean {
  try {
    const shards = publicKeyShards.map((bytes, position) => [position + 1, parsePublicKey(bytes)] as const);
    return areOfDegree(new Map([[0, publicKey], ...shards]), threshold - 1);
  } catch {
    return false;
  }
}
