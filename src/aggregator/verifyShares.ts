import {setImmediate as turnOfTheLoop} from "node:timers/promises";
import {findInvalid, type SignedRoot} from "../bls/batch.js";
import {readSignature, type Signature, verifySignature} from "../bls/curve.js";
import {recoverSignature} from "../bls/threshold.js";
import {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import type {Gathered, SignatureShare} from "./gathered.js";

/** What came of the shares: `good` ones to keep; or, of enough of them, the signature, verified under the validator's key. */
export type Verified<S extends SignatureShare, G extends Gathered<S>> = {
  readonly collecting: G;
  readonly good: readonly S[];
  readonly signature?: Signature;
};

/** How shares of one kind are read and forgotten. */
export type Means<S extends SignatureShare, G extends Gathered<S>> = {
  /** What is signed, in a word. */
  readonly what: "exit" | "deposit";
  readonly logger: Logger;
  /** What `use` makes of the share in plain, of bytes that came or are stored. Throws what cannot be opened. */
  open<T>(bytes: Uint8Array, use: (signatureShare: Uint8Array) => T): T;
  /** Forgets one that is stored, if it is still this one. */
  removeShare(collecting: G, shareIndex: number, bytes: Uint8Array): Promise<void>;
  /** Told of each share that is refused, once. */
  refuse(share: S, why: DvtError): void;
};

/** So many exits are verified in one equation: more would keep the event loop too long. */
const exitsAtOnce = 8;

/**
 * Verifies what came for each exit, or deposit, together with the signature that it recovers to, several in one equation: each
 * share under its own public key share, the signature under the validator's key. Where that fails, the bad ones are named, refused, and left out.
 * The next exits are verified, on other threads as far as that goes, while the caller does its work with one.
 */
export async function* verifyShares<S extends SignatureShare, G extends Gathered<S>>(
  means: Means<S, G>,
  wanting: readonly G[],
): AsyncGenerator<Verified<S, G>> {
  const verifyFrom = (start: number): Promise<Verified<S, G>[]> => {
    const verifying = verifyTogether(means, wanting.slice(start, start + exitsAtOnce));
    // Awaited when its turn comes; it may fail before that.
    verifying.catch(() => {});
    return verifying;
  };
  let next = verifyFrom(0);
  try {
    for (let start = exitsAtOnce; start < wanting.length + exitsAtOnce; start += exitsAtOnce) {
      const verified = await next;
      next = verifyFrom(start);
      yield* verified;
    }
  } finally {
    // Whoever stops early is not left with work under way.
    await next.catch(() => {});
  }
}

async function verifyTogether<S extends SignatureShare, G extends Gathered<S>>(
  means: Means<S, G>,
  wanting: readonly G[],
): Promise<Verified<S, G>[]> {
  const verified: Verified<S, G>[] = [];
  let open = wanting;
  while (open.length > 0) {
    const trials: Trial<S, G>[] = [];
    for (const collecting of open) {
      trials.push(tryOut(means, collecting));
      await turnOfTheLoop();
    }
    const bad = new Set(await findInvalid(trials.filter(({signatures}) => signatures.length > 0)));
    const again: G[] = [];
    for (const trial of trials) {
      const {collecting, fresh, recovered, isEnough} = trial;
      if (!bad.has(trial) && (recovered || !isEnough)) {
        verified.push({collecting, good: fresh, ...(recovered && {signature: recovered})});
      } else {
        await dropBad(means, trial);
        again.push(collecting);
      }
    }
    open = again;
    await turnOfTheLoop();
  }
  return verified;
}

/** Those of an exit's shares that are tried together, and what they recover to where they are enough. */
type Trial<S extends SignatureShare, G extends Gathered<S>> = SignedRoot & {
  readonly collecting: G;
  readonly fresh: readonly S[];
  /** As they are stored, by share index. */
  readonly held: ReadonlyMap<number, Uint8Array>;
  readonly isEnough: boolean;
  readonly recovered: Signature | undefined;
};

function tryOut<S extends SignatureShare, G extends Gathered<S>>(means: Means<S, G>, collecting: G): Trial<S, G> {
  const gathered: Gathered<S> = collecting;
  const {held, threshold, validator, root} = gathered;
  gathered.fresh = gathered.fresh.filter((share) => openFresh(means, share));
  const freshAt = new Map(gathered.fresh.toReversed().map((share) => [share.shareIndex, share]));
  const indexes = [...new Set([...held.keys(), ...freshAt.keys()])].sort((a, b) => a - b);
  const isEnough = indexes.length >= threshold;
  // The lowest: what neighbours weigh in the recovery are integers.
  const chosen = isEnough ? indexes.slice(0, threshold) : [...freshAt.keys()];
  const fresh = chosen.flatMap((index) => freshAt.get(index) ?? []);
  const stored = new Map([...held].filter(([index]) => chosen.includes(index)));
  const signed = fresh.flatMap(({publicKeyShare, signature, isVerified}) =>
    signature && !isVerified ? [{publicKey: publicKeyShare, signature}] : [],
  );
  const recovered = isEnough ? recover(means, fresh, stored) : undefined;
  // The exit is Σ λ_i·share_i with no λ_i zero: where it and all shares but one are good, that one is too.
  const signatures = recovered ? [...signed.slice(1), {publicKey: validator.publicKey, signature: recovered}] : signed;
  return {collecting, root, signatures, fresh, held: stored, isEnough, recovered};
}

/** [TERMINATE] What is not encrypted to this aggregator, or is no point of the curve. */
function openFresh<S extends SignatureShare>({open, refuse}: Pick<Means<S, never>, "open" | "refuse">, share: S): boolean {
  if (share.signature) return true;
  try {
    const signature = open(share.bytes, toPoint);
    if (signature) share.signature = signature;
    else refuse(share, new DvtError("SHARE_SIGNATURE_INVALID", `take a share: ${nameOf(share)} is no signature`));
    return signature !== undefined;
  } catch {
    refuse(share, new DvtError("SHARE_UNDECRYPTABLE", `take a share: ${nameOf(share)} is not encrypted to this aggregator`));
    return false;
  }
}

const nameOf = ({shareIndex, clusterId}: SignatureShare): string => `share ${shareIndex} of ${clusterId}`;

function toPoint(bytes: Uint8Array): Signature | undefined {
  try {
    return readSignature(bytes);
  } catch {
    return undefined;
  }
}

/** Undefined when one cannot be read any more, or when false ones cancel out: what is wrong is found one by one. */
function recover(
  {open}: Pick<Means<SignatureShare, never>, "open">,
  fresh: readonly SignatureShare[],
  held: ReadonlyMap<number, Uint8Array>,
): Signature | undefined {
  try {
    const opened = [...held].map(([index, bytes]) => [index, open(bytes, readSignature)] as const);
    return recoverSignature(new Map([...opened, ...fresh.map((it) => [it.shareIndex, it.signature as Signature] as const)]));
  } catch {
    return undefined;
  }
}

/**
 * Good shares make a good signature: verifies one by one what came, and refuses what is bad; drops what somebody changed in the
 * store. What was found good is not verified again, however many bad ones come with it.
 */
async function dropBad<S extends SignatureShare, G extends Gathered<S>>(
  {what, logger, open, removeShare, refuse}: Means<S, G>,
  {collecting, held, root}: Trial<S, G>,
): Promise<void> {
  const gathered: Gathered<S> = collecting;
  const {key, validator} = gathered;
  const good: S[] = [];
  for (const share of gathered.fresh) {
    share.isVerified ||= share.signature !== undefined && verifySignature(share.publicKeyShare, root, share.signature);
    if (share.isVerified) good.push(share);
    else refuse(share, new DvtError("SHARE_SIGNATURE_INVALID", `take a share: ${nameOf(share)} does not sign this ${what}`));
    await turnOfTheLoop();
  }
  const refused = gathered.fresh.length - good.length;
  gathered.fresh = good;

  const changed = [...held].filter(([index, bytes]) => {
    try {
      const publicKeyShare = validator.publicKeyShares.get(index);
      const signature = open(bytes, readSignature);
      return !publicKeyShare || !verifySignature(publicKeyShare, root, signature);
    } catch {
      return true;
    }
  });
  for (const [index, bytes] of changed) {
    logger.error({[what]: key, share_index: index}, "stored share is not what was stored, dropped");
    await removeShare(collecting, index, bytes);
  }
  gathered.held = new Map([...gathered.held].filter(([index]) => !changed.some(([dropped]) => dropped === index)));
  if (refused + changed.length === 0) throw new Error(`recover ${key}: good shares made no good ${what}`);
}
