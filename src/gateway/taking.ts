import {setImmediate as turnOfTheLoop} from "node:timers/promises";
import {findInvalid} from "../bls/batch.js";
import {type PublicKey, type Signature, verifySignature} from "../bls/curve.js";
import {createBatches, type Waiting} from "../runtime/batches.js";
import {groupBy} from "../runtime/groupBy.js";
import type {Metrics} from "./metrics.js";
import type {Recent} from "./recent.js";

/** A share that somebody awaits and that nothing is known of, but that its bytes are a point. */
export type NewShare = {
  /** Tells what is signed from all else: one exit, or one deposit. */
  readonly key: string;
  /** The 32 bytes that it is to sign. */
  readonly root: Uint8Array;
  readonly shareIndex: number;
  readonly publicKeyShare: PublicKey;
  /** 96 bytes, and the point that they are. */
  readonly bytes: Uint8Array;
  readonly signature: Signature;
  /** Says it as its sidecar. */
  publish(): Promise<void>;
};

/** What `sent` knows a share by. */
export const sentKeyOf = ({key, shareIndex}: Pick<NewShare, "key" | "shareIndex">): string => `${key}:${shareIndex}`;

/** Whether the share is good; it is published then. */
export type Taking = (share: NewShare) => Promise<boolean>;

type Options = {readonly sent: Recent; readonly metrics: Pick<Metrics, "shares">};

/**
 * Verifies shares with those of other requests, all of an exit or of a deposit in one equation, and publishes the good ones. What
 * is posted again while it is under way, by a client that did not wait for the answer, is not done twice.
 */
export function createTaking({sent, metrics}: Options): Taking {
  const underWay = new Map<string, Promise<boolean>>();
  const verify = createBatches(verifyTogether, chooseSigned);
  const take = async (share: NewShare): Promise<boolean> => {
    if (!(await verify(share))) return false;
    await share.publish();
    sent.add(sentKeyOf(share));
    metrics.shares.inc({outcome: "published"});
    return true;
  };
  return (share) => {
    const key = `${sentKeyOf(share)}:${Buffer.from(share.bytes).toString("base64")}`;
    const taken = underWay.get(key) ?? take(share).finally(() => underWay.delete(key));
    underWay.set(key, taken);
    return taken;
  };
}

const signedTogether = 32;

/** Those of the exits and deposits that wait longest. */
async function chooseSigned(waiting: readonly Waiting<NewShare>[]): Promise<readonly Waiting<NewShare>[]> {
  return [...groupBy(waiting, ({item}) => item.key).values()].slice(0, signedTogether).flat();
}

/** By position, whether each verifies under its public key share. */
export async function verifyTogether(shares: readonly NewShare[]): Promise<boolean[]> {
  const signed = [...groupBy(shares, ({key}) => key).values()].map((ofOne) => ({
    ofOne,
    root: (ofOne[0] as NewShare).root,
    signatures: ofOne.map(({publicKeyShare: publicKey, signature}) => ({publicKey, signature})),
  }));
  const bad = new Set<NewShare>();
  for (const {ofOne, root} of await findInvalid(signed)) {
    for (const share of ofOne) {
      if (!verifySignature(share.publicKeyShare, root, share.signature)) bad.add(share);
      await turnOfTheLoop();
    }
  }
  return shares.map((share) => !bad.has(share));
}
