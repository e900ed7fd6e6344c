import {type PublicKey, readSignature} from "../bls/curve.js";
import type {Validator} from "../clusters/cluster.js";
import type {ErrorCode} from "../errors.js";
import type {Bus} from "../messaging/connect.js";
import {fromHex, toHex} from "../runtime/hex.js";
import {assertMayPostShare, type Caller, concerns} from "./caller.js";
import {type Gateway, sidecarKeyOf} from "./gateway.js";
import {lookUp, type Place} from "./lookUp.js";
import {Problem} from "./problem.js";
import {depositToSign, exitToSign, isSettled, type Signable} from "./signable.js";
import {type NewShare, sentKeyOf} from "./taking.js";

/** What a sidecar posts of one validator. */
export type PostedShare = {
  readonly publicKey: string;
  /** Signatures, in hex. */
  readonly exit: string;
  readonly deposit?: string | undefined;
  /** All nodes' public key shares, as the sidecar knows them. Compared, never used: false ones can be made to fit the key. */
  readonly publicKeyShares?: readonly {readonly share_index: number; readonly public_key_share: string}[] | undefined;
};

/** A share that is not taken, and why: one of its two signatures, or the whole. */
type BadShare = {readonly public_key: string; readonly signature?: Signable["what"]; readonly code: ErrorCode};
type Refuse = (share: BadShare) => void;

type Posted = Place & {readonly share: PostedShare; readonly bus: Bus; readonly publicKeyShare: PublicKey};

/** One signature of a posted share, and what it is to sign, where anybody awaits that. */
type Signed = {
  readonly posted: Posted;
  readonly what: Signable["what"];
  readonly hex: string;
  readonly awaited: Signable | undefined;
};

type From = {readonly caller: Caller; readonly shareIndex: number};

/**
 * Takes shares of one share index as the aggregator would: those that are known already cost a look-up, the others are verified
 * under their public key shares, and the good ones published as their sidecar. SHARES_REFUSED names the bad ones, which block
 * nothing; NOT_ALLOWED where the caller may not post for this index.
 */
export async function takeShares(gateway: Gateway, from: From, shares: readonly PostedShare[]): Promise<void> {
  assertMayPostShare(from.caller, from.shareIndex);
  const bad: BadShare[] = [];
  const refuse: Refuse = (share) => void bad.push(share);
  const posted = sortOut(gateway, from, shares, refuse);
  const signed = await findAwaited(gateway, posted);
  const fresh = signed.filter(({awaited}) => !awaited || !isKnown(gateway, awaited, from.shareIndex));
  gateway.metrics.shares.inc({outcome: "known"}, signed.length - fresh.length);
  const codes = await Promise.all(fresh.map((it) => take(gateway, it, from.shareIndex)));
  for (const [position, {posted, what: signature}] of fresh.entries()) {
    const code = codes[position];
    if (code) refuse({public_key: posted.validator.publicKeyHex, signature, code});
  }
  gateway.metrics.shares.inc({outcome: "refused"}, bad.length);
  const [first] = bad;
  if (!first) return;
  const of = first.signature ? ` (${first.signature})` : "";
  const count = new Set(bad.map(({public_key}) => public_key)).size;
  const detail = `${count} of ${shares.length} shares are refused: ${first.public_key} ${first.code}${of}`;
  throw new Problem("SHARES_REFUSED", detail, {shares: bad});
}

/** Those that may be looked up: of a validator that is the caller's, at an index that its cluster has and we speak for. */
function sortOut(
  {clusters, sidecars}: Gateway,
  {caller, shareIndex}: From,
  shares: readonly PostedShare[],
  refuse: Refuse,
): Posted[] {
  const seen = new Set<string>();
  return shares.flatMap((share): Posted[] => {
    const public_key = share.publicKey.toLowerCase();
    const place = clusters.byPublicKey(public_key);
    const publicKeyShare = place?.validator.publicKeyShares.get(shareIndex);
    const bus = place && sidecars.get(sidecarKeyOf(place.cluster.id, shareIndex));
    if (!place || !concerns(caller, place.cluster)) refuse({public_key, code: "VALIDATOR_UNKNOWN"});
    else if (!publicKeyShare || !bus) refuse({public_key, code: "SHARE_INDEX_UNKNOWN"});
    else if (!areOurs(share.publicKeyShares ?? [], place.validator)) refuse({public_key, code: "PUBLIC_KEY_SHARES_DIFFER"});
    else if (seen.has(public_key)) refuse({public_key, code: "PUBLIC_KEY_REPEATED"});
    else {
      seen.add(public_key);
      return [{...place, share, bus, publicKeyShare}];
    }
    return [];
  });
}

const areOurs = (said: NonNullable<PostedShare["publicKeyShares"]>, {publicKeyShares}: Validator): boolean =>
  said.every(({share_index, public_key_share}) => {
    const ours = publicKeyShares.get(share_index);
    return ours !== undefined && toHex(ours.toBytes()) === public_key_share.toLowerCase();
  });

async function findAwaited(gateway: Gateway, posted: readonly Posted[]): Promise<Signed[]> {
  const standings = await lookUp(gateway, posted);
  return posted.flatMap((it): Signed[] => {
    const {exit, deposit} = it.share;
    const standing = standings.get(it.validator.publicKeyHex);
    const signed: Signed = {posted: it, what: "exit", hex: exit, awaited: standing && exitToSign(standing)};
    if (deposit === undefined) return [signed];
    return [signed, {posted: it, what: "deposit", hex: deposit, awaited: standing && depositToSign(standing)}];
  });
}

/** The first share of an index stays, so that nothing is to be done about another. */
const isKnown = ({sent}: Gateway, signable: Signable, shareIndex: number): boolean =>
  isSettled(signable, shareIndex) || sent.has(sentKeyOf({key: signable.key, shareIndex}));

/** Why it is refused, if it is. */
async function take(gateway: Gateway, {posted, hex, awaited}: Signed, shareIndex: number): Promise<ErrorCode | undefined> {
  if (!awaited) return "EXIT_UNKNOWN";
  const share = toNewShare(gateway, {posted, hex, awaited}, shareIndex);
  return share && (await gateway.taking(share)) ? undefined : "SHARE_SIGNATURE_INVALID";
}

const signaturePattern = /^0x[0-9a-fA-F]{192}$/;

/** Undefined when it is no signature. */
function toNewShare(
  {aggregatorKey}: Gateway,
  {posted, hex, awaited}: Pick<Signed, "posted" | "hex"> & {awaited: Signable},
  shareIndex: number,
): NewShare | undefined {
  if (!signaturePattern.test(hex)) return undefined;
  const {cluster, bus, publicKeyShare} = posted;
  const bytes = fromHex(hex);
  try {
    return {
      ...{key: awaited.key, root: awaited.rootOf(), shareIndex, publicKeyShare, bytes, signature: readSignature(bytes)},
      publish: () => awaited.publish({bus, clusterId: cluster.id, shareIndex, signature: bytes}, aggregatorKey),
    };
  } catch {
    return undefined;
  }
}
