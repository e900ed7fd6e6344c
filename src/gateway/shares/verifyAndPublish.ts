import {setImmediate as yieldToEventLoop} from "node:timers/promises";
import {findInvalid} from "../../bls/batch.js";
import {type PublicKey, type Signature, verifySignature} from "../../bls/curve.js";
import type {GatewayMetrics} from "../../metrics/addGatewayMetrics.js";
import {createBatches, type WaitingItem} from "../../runtime/batches.js";
import {groupBy} from "../../runtime/groupBy.js";
import type {Logger} from "../../runtime/logger.js";
import {logTogether} from "../../runtime/logTogether.js";
import type {Recent} from "../caches/recent.js";

/** A share that somebody waits for. All that is known of it is that its bytes are a point. */
export type NewShare = {
  /** Tells the exit or deposit that is signed from every other. */
  readonly key: string;
  /** The 32 bytes that it has to sign. */
  readonly root: Uint8Array;
  readonly shareIndex: number;
  readonly publicKeyShare: PublicKey;
  /** 96 bytes, and the point that they are. */
  readonly bytes: Uint8Array;
  readonly signature: Signature;
  readonly what: "exit" | "deposit";
  /** What a line about it names. */
  readonly about: {readonly order: string | undefined; readonly cluster_id: string};
  /** Publishes it as its sidecar. */
  publish(): Promise<void>;
};

/** The key of a share in `sent`. */
export const sentKeyOf = ({key, shareIndex}: Pick<NewShare, "key" | "shareIndex">): string => `${key}:${shareIndex}`;

/** Whether the share is good; if so, it was published. */
export type VerifyAndPublish = (share: NewShare) => Promise<boolean>;

type Options = {readonly sent: Recent; readonly metrics: Pick<GatewayMetrics, "shares">; readonly logger: Logger};

/**
 * Verifies shares together with those of other requests, all of an exit or of a deposit in one equation, and publishes the good ones.
 * A share that a client posts again while it is under way, because it did not wait for the answer, is not verified twice.
 */
export function createVerifyAndPublish({sent, metrics, logger}: Options): VerifyAndPublish {
  const underWay = new Map<string, Promise<boolean>>();
  const verify = createBatches(async (shares: readonly NewShare[]) => {
    const areGood = await verifyTogether(shares);
    logSigned(
      shares.filter((_, position) => areGood[position]),
      logger,
    );
    return areGood;
  }, chooseSigned);
  const verifyAndPublish = async (share: NewShare): Promise<boolean> => {
    if (!(await verify(share))) return false;
    await share.publish();
    sent.add(sentKeyOf(share));
    metrics.shares.inc({outcome: "published"});
    return true;
  };
  return (share) => {
    const key = `${sentKeyOf(share)}:${Buffer.from(share.bytes).toString("base64")}`;
    const outcome = underWay.get(key) ?? verifyAndPublish(share).finally(() => underWay.delete(key));
    underWay.set(key, outcome);
    return outcome;
  };
}

/** In a sidecar's words: StakeWise's sidecars log none of ours. */
function logSigned(shares: readonly NewShare[], logger: Logger): void {
  logTogether(
    shares.map(({what, about, shareIndex: share_index, key: exit}) => ({what, ...about, share_index, exit})),
    ({what, exits: keys, ...about}) => logger.info({...about, [`${what}s`]: keys}, `${what}s signed`),
  );
}

const signedTogether = 32;

/** The shares of those exits and deposits that wait longest. */
async function chooseSigned(waiting: readonly WaitingItem<NewShare>[]): Promise<readonly WaitingItem<NewShare>[]> {
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
      await yieldToEventLoop();
    }
  }
  return shares.map((share) => !bad.has(share));
}
