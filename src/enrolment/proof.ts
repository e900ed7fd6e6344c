import {createHash} from "node:crypto";
import type {NetworkName} from "../../schemas/fields.js";
import {parseSignature, verifySignature} from "../bls/curve.js";
import type {ClusterDefinition} from "../clusters/cluster.js";
import {type EnrolmentClaim, enrolmentSigningRoot} from "../consensus/enrolmentClaim.js";
import {networks} from "../consensus/networks.js";
import type {KeyShares} from "../keys/keyShares.js";
import {rawNkey} from "../messaging/identity.js";
import {fromHex, toHex} from "../runtime/hex.js";

/** What a proof is for: every part of it is signed. */
export type Proven = {
  readonly network: NetworkName;
  /** 32 bytes in hex */
  readonly definitionHash: string;
  readonly shareIndex: number;
  readonly nkey: string;
  readonly invitationId: string;
};

/** The signature of one validator's key share; both in hex with 0x. */
export type Proof = {readonly public_key: string; readonly signature: string};

const toClaim = ({definitionHash, shareIndex, nkey, invitationId}: Proven): EnrolmentClaim => ({
  definitionHash: fromHex(definitionHash),
  shareIndex,
  nkey: rawNkey(nkey),
  invitation: createHash("sha256").update(invitationId).digest(),
});

/** Proves with one of these key shares that their holder has the nkey; undefined if there is none that can. */
export async function prove(keyShares: KeyShares, proven: Proven): Promise<Proof | undefined> {
  const [publicKey] = [...keyShares.publicKeys].sort();
  if (publicKey === undefined) return undefined;
  const signature = await keyShares.prove?.(publicKey, networks[proven.network], toClaim(proven));
  return signature && {public_key: publicKey, signature: toHex(signature)};
}

/** Whether the cluster's key share of this validator at this share index signed exactly this. */
export function isProven({validators}: ClusterDefinition, proven: Proven, {public_key, signature}: Proof): boolean {
  const publicKeyShare = validators.get(public_key.toLowerCase())?.publicKeyShares.get(proven.shareIndex);
  if (!publicKeyShare) return false;
  try {
    const root = enrolmentSigningRoot(networks[proven.network], toClaim(proven));
    return verifySignature(publicKeyShare, root, parseSignature(fromHex(signature)));
  } catch {
    return false;
  }
}
