import {setImmediate as turnOfTheLoop} from "node:timers/promises";
import {findInvalid, type SignedRoot} from "../bls/batch.js";
import {readSignature, type Signature, verifySignature} from "../bls/curve.js";
import {recoverSignature} from "../bls/threshold.js";
import {DvtError} from "../errors.js";
import type {Aggregator} from "./aggregator.js";
import type {Collecting, Share} from "./collecting.js";
import {openShare} from "./openShare.js";

/** What came of an exit's shares: `good` ones to keep; or, of enough of them, the exit, verified under the validator's key. */
export type Verified = {readonly collecting: Collecting; readonly good: readonly Share[]; readonly signature?: Signature};

/** Told of each share that is refused, once. */
export type Refuse = (share: Share, why: DvtError) => void;

/** So many exits are verified in one equation: more would keep the event loop too long. */
const exitsAtOnce = 8;

/**
 * Verifies what came for each exit together with the exit that it recovers to, several exits in one equation: each share under
 * its own public key share, the exit under the validator's key. Where that fails, the bad ones are named, refused, and left out.
 * The next exits are verified, on other threads as far as that goes, while the caller does its work with one.
 */
export async function* verifyShares(
  aggregator: Aggregator,
  exits: readonly Collecting[],
  refuse: Refuse,
): AsyncGenerator<Verified> {
  const verifyFrom = (start: number): Promise<Verified[]> => {
    const verifying = verifyTogether(aggregator, exits.slice(start, start + exitsAtOnce), refuse);
    // Awaited when its turn comes; it may fail before that.
    verifying.catch(() => {});
    return verifying;
  };
  let next = verifyFrom(0);
  try {
    for (let start = exitsAtOnce; start < exits.length + exitsAtOnce; start += exitsAtOnce) {
      const verified = await next;
      next = verifyFrom(start);
      yield* verified;
    }
  } finally {
    // Whoever stops early is not left with work under way.
    await next.catch(() => {});
  }
}

async function verifyTogether(aggregator: Aggregator, exits: readonly Collecting[], refuse: Refuse): Promise<Verified[]> {
  const verified: Verified[] = [];
  let open = exits;
  while (open.length > 0) {
    const trials: Trial[] = [];
    for (const collecting of open) {
      trials.push(tryOut(aggregator, collecting, refuse));
      await turnOfTheLoop();
    }
    const bad = new Set(await findInvalid(trials.filter(({signatures}) => signatures.length > 0)));
    const again: Collecting[] = [];
    for (const trial of trials) {
      const {collecting, fresh, recovered, isEnough} = trial;
      if (!bad.has(trial) && (recovered || !isEnough)) {
        verified.push({collecting, good: fresh, ...(recovered && {signature: recovered})});
      } else {
        await dropBad(aggregator, trial, refuse);
        again.push(collecting);
      }
    }
    open = again;
    await turnOfTheLoop();
  }
  return verified;
}

/** Those of an exit's shares that are tried together, and what they recover to where they are enough. */
type Trial = SignedRoot & {
  readonly collecting: Collecting;
  readonly fresh: readonly Share[];
  /** Stored ciphertexts by share index. */
  readonly held: ReadonlyMap<number, Uint8Array>;
  readonly isEnough: boolean;
  readonly recovered: Signature | undefined;
};

function tryOut({privateKeys}: Aggregator, collecting: Collecting, refuse: Refuse): Trial {
  const {held, threshold, validator, root} = collecting;
  collecting.fresh = collecting.fresh.filter((share) => openFresh(privateKeys, share, refuse));
  const freshAt = new Map(collecting.fresh.toReversed().map((share) => [share.shareIndex, share]));
  const indexes = [...new Set([...held.keys(), ...freshAt.keys()])].sort((a, b) => a - b);
  const isEnough = indexes.length >= threshold;
  // The lowest: what neighbours weigh in the recovery are integers.
  const chosen = isEnough ? indexes.slice(0, threshold) : [...freshAt.keys()];
  const fresh = chosen.flatMap((index) => freshAt.get(index) ?? []);
  const stored = new Map([...held].filter(([index]) => chosen.includes(index)));
  const signed = fresh.flatMap(({publicKeyShare, signature, isVerified}) =>
    signature && !isVerified ? [{publicKey: publicKeyShare, signature}] : [],
  );
  const recovered = isEnough ? recover(privateKeys, fresh, stored) : undefined;
  // The exit is Σ λ_i·share_i with no λ_i zero: where it and all shares but one are good, that one is too.
  const signatures = recovered ? [...signed.slice(1), {publicKey: validator.publicKey, signature: recovered}] : signed;
  return {collecting, root, signatures, fresh, held: stored, isEnough, recovered};
}

/** [TERMINATE] What is not encrypted to this aggregator, or is no point of the curve. */
function openFresh(privateKeys: readonly Uint8Array[], share: Share, refuse: Refuse): boolean {
  if (share.signature) return true;
  try {
    const signature = openShare(privateKeys, share.ciphertext, toPoint);
    if (signature) share.signature = signature;
    else refuse(share, new DvtError("SHARE_SIGNATURE_INVALID", `take a share: ${nameOf(share)} is no signature`));
    return signature !== undefined;
  } catch {
    refuse(share, new DvtError("SHARE_UNDECRYPTABLE", `take a share: ${nameOf(share)} is not encrypted to this aggregator`));
    return false;
  }
}

const nameOf = ({shareIndex, clusterId}: Share): string => `share ${shareIndex} of ${clusterId}`;

function toPoint(bytes: Uint8Array): Signature | undefined {
  try {
    return readSignature(bytes);
  } catch {
    return undefined;
  }
}

/** Undefined when one cannot be read any more, or when false ones cancel out: what is wrong is found one by one. */
function recover(
  privateKeys: readonly Uint8Array[],
  fresh: readonly Share[],
  held: ReadonlyMap<number, Uint8Array>,
): Signature | undefined {
  try {
    const opened = [...held].map(([index, ciphertext]) => [index, openShare(privateKeys, ciphertext, readSignature)] as const);
    return recoverSignature(new Map([...opened, ...fresh.map((it) => [it.shareIndex, it.signature as Signature] as const)]));
  } catch {
    return undefined;
  }
}

/**
 * A good share makes a good exit: verifies one by one what came, and refuses what is bad; drops what somebody changed in the
 * store. What was found good is not verified again, however many bad ones come with it.
 */
async function dropBad({exits, logger, privateKeys}: Aggregator, trial: Trial, refuse: Refuse): Promise<void> {
  const {collecting, held, root} = trial;
  const {exit, key, validator} = collecting;
  const good: Share[] = [];
  for (const share of collecting.fresh) {
    share.isVerified ||= share.signature !== undefined && verifySignature(share.publicKeyShare, root, share.signature);
    if (share.isVerified) good.push(share);
    else refuse(share, new DvtError("SHARE_SIGNATURE_INVALID", `take a share: ${nameOf(share)} does not sign this exit`));
    await turnOfTheLoop();
  }
  const refused = collecting.fresh.length - good.length;
  collecting.fresh = good;

  const changed = [...held].filter(([index, ciphertext]) => {
    try {
      const publicKeyShare = validator.publicKeyShares.get(index);
      const signature = openShare(privateKeys, ciphertext, readSignature);
      return !publicKeyShare || !verifySignature(publicKeyShare, root, signature);
    } catch {
      return true;
    }
  });
  for (const [index, ciphertext] of changed) {
    logger.error({exit: key, share_index: index}, "stored share is not what was stored, dropped");
    await exits.removeShare(exit, index, ciphertext);
  }
  collecting.held = new Map([...collecting.held].filter(([index]) => !changed.some(([dropped]) => dropped === index)));
  if (refused + changed.length === 0) throw new Error(`recover ${key}: good shares made no good exit`);
}
