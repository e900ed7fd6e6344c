import {exitShare} from "../../schemas/exitShare.js";
import {type PublicKey, readSignature} from "../bls/curve.js";
import {voluntaryExitSigningRoot} from "../consensus/voluntaryExit.js";
import type {ErrorCode} from "../errors.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {toExitShare} from "../exits/toExitShare.js";
import type {Bus} from "../messaging/connect.js";
import {publish} from "../messaging/publish.js";
import {fromHex} from "../runtime/hex.js";
import {type Caller, concerns} from "./caller.js";
import {type Gateway, sidecarKeyOf} from "./gateway.js";
import {lookUp, type Place, type Standing} from "./lookUp.js";
import type {NewShare} from "./taking.js";

export type PostedShare = {readonly publicKey: string; readonly signature: string};

/** A share that is not taken, and why. */
export type BadShare = {readonly public_key: string; readonly code: ErrorCode};

type Posted = Place & {readonly signature: string; readonly bus: Bus; readonly publicKeyShare: PublicKey};
type Refuse = (publicKey: string, code: ErrorCode) => void;

/**
 * Takes shares of one share index as the aggregator would: those that are known already cost a look-up, the others are verified
 * under their public key shares, and the good ones published as their sidecar. Returns the bad ones, which block nothing.
 */
export async function takeShares(
  gateway: Gateway,
  caller: Caller,
  shareIndex: number,
  shares: readonly PostedShare[],
): Promise<BadShare[]> {
  const bad: BadShare[] = [];
  const refuse: Refuse = (public_key, code) => void bad.push({public_key, code});
  const posted = sortOut(gateway, {caller, shareIndex, refuse}, shares);
  const standings = await lookUp(gateway, posted);
  const fresh = posted.flatMap((share): NewShare[] => {
    const standing = standings.get(share.validator.publicKeyHex);
    if (!isAwaited(standing)) refuse(share.validator.publicKeyHex, "EXIT_UNKNOWN");
    else if (!isKnown(gateway, standing, shareIndex)) return toNewShare(share, {exit: standing.exit, shareIndex, refuse});
    return [];
  });
  gateway.metrics.shares.inc({outcome: "known"}, shares.length - bad.length - fresh.length);
  const taken = await Promise.all(fresh.map(gateway.taking));
  for (const [position, {exit}] of fresh.entries()) if (!taken[position]) refuse(exit.publicKey, "SHARE_SIGNATURE_INVALID");
  gateway.metrics.shares.inc({outcome: "refused"}, bad.length);
  return bad;
}

/** Those that may be looked up: of a validator that is the caller's, at an index that its cluster has and we speak for. */
function sortOut(
  {clusters, sidecars}: Gateway,
  {caller, shareIndex, refuse}: {caller: Caller; shareIndex: number; refuse: Refuse},
  shares: readonly PostedShare[],
): Posted[] {
  const seen = new Set<string>();
  return shares.flatMap(({publicKey, signature}): Posted[] => {
    const key = publicKey.toLowerCase();
    const place = clusters.byPublicKey(key);
    const publicKeyShare = place?.validator.publicKeyShares.get(shareIndex);
    const bus = place && sidecars.get(sidecarKeyOf(place.cluster.id, shareIndex));
    if (!place || !concerns(caller, place.cluster)) refuse(key, "VALIDATOR_UNKNOWN");
    else if (!publicKeyShare || !bus) refuse(key, "SHARE_INDEX_UNKNOWN");
    else if (seen.has(key)) refuse(key, "PUBLIC_KEY_REPEATED");
    else {
      seen.add(key);
      return [{...place, signature, bus, publicKeyShare}];
    }
    return [];
  });
}

const isAwaited = (standing: Standing | undefined): standing is Standing =>
  standing !== undefined && (standing.head.state !== "expired" || standing.result !== undefined);

/** The first share of an index stays, so that nothing is to be done about another. */
const isKnown = ({sent}: Gateway, {exit, result, held}: Standing, shareIndex: number): boolean =>
  result !== undefined || held.has(shareIndex) || sent.has(sentKeyOf(exit, shareIndex));

const sentKeyOf = (exit: ExitId, shareIndex: number): string => `${exitKeyOf(exit)}:${shareIndex}`;

const signaturePattern = /^0x[0-9a-fA-F]{192}$/;

function toNewShare(
  {cluster, signature: hex, bus, publicKeyShare}: Posted,
  {exit, shareIndex, refuse}: {exit: ExitId; shareIndex: number; refuse: Refuse},
): NewShare[] {
  try {
    if (!signaturePattern.test(hex)) throw new Error("not 96 bytes in hex");
    const bytes = fromHex(hex);
    const root = voluntaryExitSigningRoot(exit.network, exit.validatorIndex);
    return [{exit, clusterId: cluster.id, shareIndex, bus, publicKeyShare, bytes, signature: readSignature(bytes), root}];
  } catch {
    refuse(exit.publicKey, "SHARE_SIGNATURE_INVALID");
    return [];
  }
}

type Publishing = Pick<Gateway, "sent" | "metrics" | "aggregatorKey">;

/** Publishes good shares, each as its sidecar. */
export const publishingTo =
  ({sent, metrics, aggregatorKey}: Publishing) =>
  async ({exit, clusterId, shareIndex, bus, bytes: signature}: NewShare): Promise<void> => {
    await publish(bus, exitShare, toExitShare({exit, clusterId, shareIndex, signature}, aggregatorKey));
    sent.add(sentKeyOf(exit, shareIndex));
    metrics.shares.inc({outcome: "published"});
  };
