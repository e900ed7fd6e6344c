import {setImmediate as yieldToEventLoop} from "node:timers/promises";
import type {SignedRoot} from "../../bls/batch.js";
import {readSignature, type Signature, verifySignature} from "../../bls/curve.js";
import {recoverSignature} from "../../bls/threshold.js";
import {DvtError} from "../../errors.js";
import type {Logger} from "../../runtime/logger.js";
import {type Candidate, type OpenGroup, type SettledShares, type SignatureShare, settle} from "./shareGroup.js";

/** How the shares of exits, or those of deposits, are opened and dropped. */
export type ShareAccess<Id> = {
  readonly what: "exit" | "deposit";
  readonly logger: Logger;
  /** Gives `use` the unencrypted share of bytes that came or are stored. Throws when it cannot be opened. */
  open<T>(bytes: Uint8Array, use: (signatureShare: Uint8Array) => T): T;
  /** Drops a stored share, if it is still this one. */
  removeShare(id: Id, shareIndex: number, bytes: Uint8Array): Promise<void>;
};

/** A group, and those of its shares that were refused so far. */
export type ExaminedGroup<Id, G extends OpenGroup<Id>> = {
  readonly group: G;
  readonly refused: readonly SettledShares<Id>[];
};

type OpenedCandidate<Id> = Candidate<Id> & {readonly signature: Signature};

/** The shares of a group that are tried together, and the signature that they recover to where they are enough. */
export type Trial<Id, G extends OpenGroup<Id>> = ExaminedGroup<Id, G> &
  SignedRoot & {
    readonly opened: readonly OpenedCandidate<Id>[];
    readonly chosen: readonly OpenedCandidate<Id>[];
    /** The stored shares among them, by share index. */
    readonly chosenHeld: ReadonlyMap<number, Uint8Array>;
    readonly isEnough: boolean;
    readonly recovered: Signature | undefined;
  };

/** Opens a group's candidates, and recovers the signature where they are enough. Nothing is verified yet. */
export function tryGroup<Id, G extends OpenGroup<Id>>(access: ShareAccess<Id>, examined: ExaminedGroup<Id, G>): Trial<Id, G> {
  const {held, threshold, validator, root, candidates} = examined.group;
  const tried = candidates.map((candidate) => openCandidate(access, candidate));
  const opened = tried.flatMap((it) => ("outcome" in it ? [] : it));
  const refused = [...examined.refused, ...tried.flatMap((it) => ("outcome" in it ? it : []))];
  const openedAt = new Map(opened.toReversed().map((candidate) => [candidate.share.shareIndex, candidate]));
  const indexes = [...new Set([...held.keys(), ...openedAt.keys()])].sort((a, b) => a - b);
  const isEnough = indexes.length >= threshold;
  // The lowest: neighbours have integer weights in the recovery.
  const chosenIndexes = isEnough ? indexes.slice(0, threshold) : [...openedAt.keys()];
  const chosen = chosenIndexes.flatMap((index) => openedAt.get(index) ?? []);
  const chosenHeld = new Map([...held].filter(([index]) => chosenIndexes.includes(index)));
  const signed = chosen.flatMap(({share, signature, isVerified}) =>
    isVerified ? [] : [{publicKey: share.publicKeyShare, signature}],
  );
  const recovered = isEnough ? recover(access, chosen, chosenHeld) : undefined;
  // The signature is Σ λ_i·share_i with no λ_i zero: where it and all shares but one are good, that one is too.
  const signatures = recovered ? [...signed.slice(1), {publicKey: validator.publicKey, signature: recovered}] : signed;
  const group = {...examined.group, candidates: opened};
  return {group, refused, root, signatures, opened, chosen, chosenHeld, isEnough, recovered};
}

/** Opens a share. [TERMINATE] It is encrypted to this aggregator, and is a point of the curve. */
function openCandidate<Id>({open}: ShareAccess<Id>, candidate: Candidate<Id>): OpenedCandidate<Id> | SettledShares<Id> {
  const {share, signature: known} = candidate;
  try {
    const signature = known ?? open(share.bytes, toPoint);
    return signature ? {...candidate, signature} : refuse(share, "SHARE_SIGNATURE_INVALID", "is no signature");
  } catch {
    return refuse(share, "SHARE_UNDECRYPTABLE", "is not encrypted to this aggregator");
  }
}

const refuse = <Id>(
  share: SignatureShare<Id>,
  code: "SHARE_SIGNATURE_INVALID" | "SHARE_UNDECRYPTABLE",
  problem: string,
): SettledShares<Id> =>
  settle([share], new DvtError(code, `take a share: share ${share.shareIndex} of ${share.clusterId} ${problem}`));

function toPoint(bytes: Uint8Array): Signature | undefined {
  try {
    return readSignature(bytes);
  } catch {
    return undefined;
  }
}

/** Undefined when a stored share cannot be read any more, or when false ones cancel out: the bad ones are found one by one. */
function recover<Id>(
  {open}: ShareAccess<Id>,
  chosen: readonly OpenedCandidate<Id>[],
  held: ReadonlyMap<number, Uint8Array>,
): Signature | undefined {
  try {
    const stored = [...held].map(([index, bytes]) => [index, open(bytes, readSignature)] as const);
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
  {what, logger, open, removeShare}: ShareAccess<Id>,
  {group, refused, opened, chosenHeld}: Trial<Id, G>,
): Promise<ExaminedGroup<Id, G>> {
  const {key, validator, root} = group;
  const good: OpenedCandidate<Id>[] = [];
  const bad: SettledShares<Id>[] = [];
  for (const candidate of opened) {
    const {share, signature, isVerified} = candidate;
    if (isVerified || verifySignature(share.publicKeyShare, root, signature)) good.push({...candidate, isVerified: true});
    else bad.push(refuse(share, "SHARE_SIGNATURE_INVALID", `does not sign this ${what}`));
    await yieldToEventLoop();
  }

  const changed = [...chosenHeld].filter(([index, bytes]) => {
    try {
      const publicKeyShare = validator.publicKeyShares.get(index);
      return !publicKeyShare || !verifySignature(publicKeyShare, root, open(bytes, readSignature));
    } catch {
      return true;
    }
  });
  for (const [index, bytes] of changed) {
    logger.error({[what]: key, share_index: index}, "stored share is not what was stored, dropped");
    await removeShare(group.id, index, bytes);
  }
  if (bad.length + changed.length === 0) throw new Error(`recover ${key}: good shares made no good ${what}`);
  const held = new Map([...group.held].filter(([index]) => !changed.some(([dropped]) => dropped === index)));
  return {group: {...group, candidates: good, held}, refused: [...refused, ...bad]};
}
