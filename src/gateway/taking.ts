import {setImmediate as turnOfTheLoop} from "node:timers/promises";
import {findInvalid} from "../bls/batch.js";
import {type PublicKey, type Signature, verifySignature} from "../bls/curve.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {Bus} from "../messaging/connect.js";
import {createBatches, type Waiting} from "../runtime/batches.js";
import {groupBy} from "../runtime/groupBy.js";

/** A share that somebody awaits and that nothing is known of, but that its bytes are a point. */
export type NewShare = {
  readonly exit: ExitId;
  readonly clusterId: string;
  readonly shareIndex: number;
  /** The connection of its sidecar. */
  readonly bus: Bus;
  readonly publicKeyShare: PublicKey;
  /** 96 bytes, and the point that they are. */
  readonly bytes: Uint8Array;
  readonly signature: Signature;
  /** The 32 bytes that it is to sign. */
  readonly root: Uint8Array;
};

/** Whether the share is good; it is published then. */
export type Taking = (share: NewShare) => Promise<boolean>;

/**
 * Verifies shares with those of other requests, all of an exit in one equation, and publishes the good ones. What is posted again
 * while it is under way, by a client that did not wait for the answer, is not done twice.
 */
export function createTaking(publishGood: (share: NewShare) => Promise<void>): Taking {
  const underWay = new Map<string, Promise<boolean>>();
  const verify = createBatches(verifyTogether, chooseExits);
  const take = async (share: NewShare): Promise<boolean> => {
    if (!(await verify(share))) return false;
    await publishGood(share);
    return true;
  };
  return (share) => {
    const key = `${exitKeyOf(share.exit)}:${share.shareIndex}:${Buffer.from(share.bytes).toString("base64")}`;
    const taken = underWay.get(key) ?? take(share).finally(() => underWay.delete(key));
    underWay.set(key, taken);
    return taken;
  };
}

const exitsTogether = 32;

/** Those of the exits that wait longest. */
async function chooseExits(waiting: readonly Waiting<NewShare>[]): Promise<readonly Waiting<NewShare>[]> {
  return [...groupBy(waiting, ({item}) => exitKeyOf(item.exit)).values()].slice(0, exitsTogether).flat();
}

/** By position, whether each verifies under its public key share. */
export async function verifyTogether(shares: readonly NewShare[]): Promise<boolean[]> {
  const exits = [...groupBy(shares, ({exit}) => exitKeyOf(exit)).values()].map((ofExit) => ({
    ofExit,
    root: (ofExit[0] as NewShare).root,
    signatures: ofExit.map(({publicKeyShare: publicKey, signature}) => ({publicKey, signature})),
  }));
  const bad = new Set<NewShare>();
  for (const {ofExit, root} of await findInvalid(exits)) {
    for (const share of ofExit) {
      if (!verifySignature(share.publicKeyShare, root, share.signature)) bad.add(share);
      await turnOfTheLoop();
    }
  }
  return shares.map((share) => !bad.has(share));
}
