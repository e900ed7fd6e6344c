import type {ClusterDefinition} from "../clusters/cluster.js";
import {toHex} from "../runtime/hex.js";

/** The validator and share index of a public key share. */
export type ShareOwner = {readonly publicKeyHex: string; readonly shareIndex: number};

/** The owners of all public key shares, by public key share in lower-case hex. */
export function ownersByPublicKeyShare({validators}: ClusterDefinition): Map<string, ShareOwner> {
  const owners = new Map<string, ShareOwner>();
  for (const {publicKeyHex, publicKeyShares} of validators.values()) {
    for (const [shareIndex, share] of publicKeyShares) owners.set(toHex(share.toBytes()), {publicKeyHex, shareIndex});
  }
  return owners;
}
