import {type PublicKey, readSignature} from "../bls/curve.js";
import type {Validator} from "../clusters/cluster.js";
import type {ErrorCode} from "../errors.js";
import type {Bus} from "../messaging/connect.js";
import {fromHex} from "../runtime/hex.js";
import {takeTurn} from "../runtime/takeTurn.js";
import {assertMayPostShare, type Caller, concerns} from "./access/caller.js";
import {type Gateway, sidecarKeyOf} from "./gateway.js";
import {Problem} from "./http/problem.js";
import {lookUp, type Place} from "./lookUp.js";
import {publicKeySharesHex} from "./publicKeySharesHex.js";
import {depositToSign, exitToSign, isSettled, type Signable} from "./signable.js";
import {type NewShare, sentKeyOf} from "./taking.js";
import {withinPatience} from "./withinPatience.js";

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
 * nothing; NOT_ALLOWED where the caller may not post for this index; UNAVAILABLE where it takes longer than clients wait, and what is
 * posted again then is known by and by.
 */
export async function takeShares(gateway: Gateway, from: From, shares: readonly PostedShare[]): Promise<void> {
  assertMayPostShare(from.caller, from.shareIndex);
  await withinPatience(takeAll(gateway, from, shares), `${shares.length} shares are still being looked at`);
}

async function takeAll(gateway: Gateway, from: From, shares: readonly PostedShare[]): Promise<void> {
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
  if (first) throw toProblem(first, bad, shares.length);
}

function toProblem(first: BadShare, bad: readonly BadShare[], posted: number): Problem {
  const {public_key, code, signature} = first;
  const refused = new Set(bad.map((it) => it.public_key)).size;
  const named = `${public_key} ${code}${signature ? ` (${signature})` : ""}`;
  return new Problem("SHARES_REFUSED", `${refused} of ${posted} shares are refused: ${named}`, {shares: bad});
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

function areOurs(said: NonNullable<PostedShare["publicKeyShares"]>, validator: Validator): boolean {
  const ours = publicKeySharesHex(validator);
  return said.every(({share_index, public_key_share}) => ours.get(share_index) === public_key_share.toLowerCase());
}

async function findAwaited(gateway: Gateway, posted: readonly Posted[]): Promise<Signed[]> {
  const found = [...(await lookUp(gateway, posted)).values()];
  // Nothing of another exit is published.
  const open = found.filter((it) => exitToSign(it)?.isComplete === false);
  const allowed = await gateway.allowing(open);
  const standings = new Map([...without(found, open), ...allowed].map((it) => [it.exit.publicKey, it]));
  return posted.flatMap((it): Signed[] => {
    const {exit, deposit} = it.share;
    const standing = standings.get(it.validator.publicKeyHex);
    const signed: Signed = {posted: it, what: "exit", hex: exit, awaited: standing && exitToSign(standing)};
    if (deposit === undefined) return [signed];
    return [
      signed,
      {posted: it, what: "deposit", hex: deposit, awaited: standing && depositToSign(standing, gateway.depositRules)},
    ];
  });
}

function without<T>(all: readonly T[], some: readonly T[]): T[] {
  const left = new Set(some);
  return all.filter((it) => !left.has(it));
}

/** The first share of an index stays, so that nothing is to be done about another. */
const isKnown = ({sent}: Gateway, signable: Signable, shareIndex: number): boolean =>
  isSettled(signable, shareIndex) || sent.has(sentKeyOf({key: signable.key, shareIndex}));

/** Why it is refused, if it is. */
async function take(gateway: Gateway, {posted, hex, awaited}: Signed, shareIndex: number): Promise<ErrorCode | undefined> {
  if (!awaited) return "EXIT_UNKNOWN";
  await takeTurn();
  const read = readHex(hex);
  if (!read) return "SHARE_SIGNATURE_INVALID";
  const {cluster, bus, publicKeyShare} = posted;
  const good = {bus, clusterId: cluster.id, shareIndex, signature: read.bytes};
  const isGood = await gateway.taking({
    ...{key: awaited.key, root: awaited.rootOf(), shareIndex, publicKeyShare, ...read},
    publish: () => awaited.publish(good, gateway.aggregatorKey),
  });
  return isGood ? undefined : "SHARE_SIGNATURE_INVALID";
}

const signaturePattern = /^0x[0-9a-fA-F]{192}$/;

/** Undefined when it is no point of the curve. */
function readHex(hex: string): Pick<NewShare, "bytes" | "signature"> | undefined {
  if (!signaturePattern.test(hex)) return undefined;
  const bytes = fromHex(hex);
  try {
    return {bytes, signature: readSignature(bytes)};
  } catch {
    return undefined;
  }
}
