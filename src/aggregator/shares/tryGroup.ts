import {setImmediate as yieldToEventLoop} from "node:timers/promises";
import type {SignedRoot} from "../../bls/batch.js";
import {readSignature, type Signature, verifySignature} from "../../bls/curve.js";
import {recoverSignature} from "../../bls/threshold.js";
import {DvtError} from "../../errors.js";
import type {Logger} from "../../runtime/logger.js";
import {type Candidate, type OpenGroup, type SettledShares, type SignatureShare, settle} from "./shareGroup.js";

/** How the stored shares of exits, or those of deposits, are read and dropped. */
export type ShareAccess<Id> = {
  readonly what: "exit" | "deposit";
  readonly logger: Logger;
  /** Gives `use` the unencrypted share of what is stored. Throws when it cannot be opened. */
  openStored<T>(stored: Uint8Array, use: (signatureShare: Uint8Array) => T): T;
  /** Drops a stored share, if it is still this one. */
  removeShare(id: Id, shareIndex: number, bytes: Uint8Array): Promise<void>;
};

/** A group, and those of its shares that were refused so far. */
export type ExaminedGroup<Id, G extends OpenGroup<Id>> = {
  readonly group: G;
  readonly refused: readonly SettledShares<Id>[];
};

type ReadCandidate<Id> = Candidate<Id> & {readonly signature: Signature};

/** The shares of a group that are tried together, and the signature that they recover to where they are enough. */
export type Trial<Id, G extends OpenGroup<Id>> = ExaminedGroup<Id, G> &
  SignedRoot & {
    readonly chosen: readonly ReadCandidate<Id>[];
    /** The stored shares among them, by share index. */
    readonly chosenHeld: ReadonlyMap<number, Uint8Array>;
    readonly isEnough: boolean;
    readonly recovered: Signature | undefined;
  };

/**
 * Chooses shares of a group, and recovers the signature where they are enough. What is to be verified then is that signature alone:
 * the validator's key has no other of this root, so it shows more than its shares would. Nothing is verified yet.
 */
export function tryGroup<Id, G extends OpenGroup<Id>>(access: ShareAccess<Id>, examined: ExaminedGroup<Id, G>): Trial<Id, G> {
  const {held, threshold, validator, root, candidates} = examined.group;
  const firstAt = new Map(candidates.toReversed().map((candidate) => [candidate.share.shareIndex, candidate]));
  const indexes = [...new Set([...held.keys(), ...firstAt.keys()])].sort((a, b) => a - b);
  const isEnough = indexes.length >= threshold;
  // The lowest: neighbours have integer weights in the recovery.
  const chosenIndexes = isEnough ? indexes.slice(0, threshold) : [...firstAt.keys()];
  const {readable: chosen, refused} = readCandidates(chosenIndexes.flatMap((index) => firstAt.get(index) ?? []));
  if (refused.length > 0) return tryGroup(access, leaveOut(examined, refused));

  const chosenHeld = new Map([...held].filter(([index]) => chosenIndexes.includes(index)));
  const recovered = isEnough ? recover(access, chosen, chosenHeld) : undefined;
  const signatures = recovered
    ? [{publicKey: validator.publicKey, signature: recovered}]
    : chosen.flatMap(({share, signature, isVerified}) => (isVerified ? [] : [{publicKey: share.publicKeyShare, signature}]));
  return {...examined, root, signatures, chosen, chosenHeld, isEnough, recovered};
}

/** [TERMINATE] Reads shares: each is a point of the curve. */
function readCandidates<Id>(candidates: readonly Candidate<Id>[]) {
  const read = candidates.map((candidate) => readCandidate(candidate));
  return {
    readable: read.flatMap((it) => ("outcome" in it ? [] : it)),
    refused: read.flatMap((it) => ("outcome" in it ? it : [])),
  };
}

function leaveOut<Id, G extends OpenGroup<Id>>(
  {group, refused}: ExaminedGroup<Id, G>,
  more: readonly SettledShares<Id>[],
): ExaminedGroup<Id, G> {
  const left = new Set(more.flatMap(({shares}) => shares));
  return {
    group: {...group, candidates: group.candidates.filter(({share}) => !left.has(share))},
    refused: [...refused, ...more],
  };
}

function readCandidate<Id>(candidate: Candidate<Id>): ReadCandidate<Id> | SettledShares<Id> {
  const {share, signature} = candidate;
  try {
    return {...candidate, signature: signature ?? readSignature(share.bytes)};
  } catch {
    return refuse(share, "is no signature");
  }
}

const refuse = <Id>(share: SignatureShare<Id>, problem: string): SettledShares<Id> =>
  settle(
    [share],
    new DvtError("SHARE_SIGNATURE_INVALID", `take a share: share ${share.shareIndex} of ${share.clusterId} ${problem}`),
  );

/** Undefined when a stored share cannot be read any more, or when false ones cancel out: the bad ones are found one by one. */
function recover<Id>(
  {openStored}: ShareAccess<Id>,
  chosen: readonly ReadCandidate<Id>[],
  held: ReadonlyMap<number, Uint8Array>,
): Signature | undefined {
  try {
    const stored = [...held].map(([index, bytes]) => [index, openStored(bytes, readSignature)] as const);
    return recoverSignature(new Map([...stored, ...chosen.map((it) => [it.share.shareIndex, it.signature] as const)]));
  } catch {
    return undefined;
  }
}

/**
 * Verifies the candidates one by one and refuses the bad ones; drops stored shares that somebody changed in the database. A
 * candidate that was found good is not verified again, however many bad ones come with it.
 */
export async function leaveOutBad<Id, G extends OpenGroup<Id>>(
  {what, logger, openStored, removeShare}: ShareAccess<Id>,
  {group, refused, chosenHeld}: Trial<Id, G>,
): Promise<ExaminedGroup<Id, G>> {
  const {key, validator, root} = group;
  const {readable, refused: unreadable} = readCandidates(group.candidates);
  const good: ReadCandidate<Id>[] = [];
  const bad: SettledShares<Id>[] = [...unreadable];
  for (const candidate of readable) {
    const {share, signature, isVerified} = candidate;
    if (isVerified || verifySignature(share.publicKeyShare, root, signature)) good.push({...candidate, isVerified: true});
    else bad.push(refuse(share, `does not sign this ${what}`));
    await yieldToEventLoop();
  }

  const changed = [...chosenHeld].filter(([index, bytes]) => {
    try {
      const publicKeyShare = validator.publicKeyShares.get(index);
      return !publicKeyShare || !verifySignature(publicKeyShare, root, openStored(bytes, readSignature));
    } catch {
      return true;
    }
  });
  for (const [index, bytes] of changed) {
    logger.error(
      {[`${what}s`]: [key], cluster_id: group.clusterId, share_index: index},
      "stored share is not what was stored, dropped",
    );
    await removeShare(group.id, index, bytes);
  }
  if (bad.length + changed.length === 0) throw new Error(`recover ${key}: good shares made no good ${what}`);
  const held = new Map([...group.held].filter(([index]) => !changed.some(([dropped]) => dropped === index)));
  return {group: {...group, candidates: good, held}, refused: [...refused, ...bad]};
}
