import type {ClusterDefinition} from "../clusters/cluster.js";
import {toHex} from "../runtime/hex.js";

/** Whose share a public key share is. */
export type ShareOwner = {readonly publicKeyHex: string; readonly shareIndex: number};

/** By public key share, in lower-case hex. */
export function ownersByPublicKeyShare({validators}: ClusterDefinition): Map<string, ShareOwner> {
  const owners = new Map<string, ShareOwner>();
  for (const {publicKeyHex, publicKeyShares} of validators.values()) {
    for (const [shareIndex, share] of publicKeyShares) owners.set(toHex(share.toBytes()), {publicKeyHex, shareIndex});
  }
  return owners;
}
