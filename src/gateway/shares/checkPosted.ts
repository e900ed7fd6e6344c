import type {Answers} from "../../answers/createAnswers.js";
import type {PublicKey} from "../../bls/curve.js";
import type {Validator} from "../../clusters/cluster.js";
import {toHex} from "../../runtime/hex.js";
import {type Caller, concerns} from "../access/caller.js";
import type {Gateway} from "../gateway.js";
import type {ClusterValidator} from "../progress/readProgress.js";
import type {BadShare, PostedShare} from "./postedShare.js";

/** Who posts, and for which share index. */
export type ShareSender = {readonly caller: Caller; readonly shareIndex: number};

/** A posted share of a known validator, and where its sidecar publishes. */
export type CheckedShare = ClusterValidator & {
  readonly share: PostedShare;
  readonly answers: Answers;
  readonly publicKeyShare: PublicKey;
};

/** The shares of the caller's validators, at an index that the cluster has and the gateway speaks for. The others are refused. */
export function checkPosted(
  {clusters, answersOf}: Gateway,
  {caller, shareIndex}: ShareSender,
  shares: readonly PostedShare[],
  refuse: (share: BadShare) => void,
): CheckedShare[] {
  const seen = new Set<string>();
  return shares.flatMap((share): CheckedShare[] => {
    const public_key = share.publicKey.toLowerCase();
    const found = clusters.byPublicKey(public_key);
    const publicKeyShare = found?.validator.publicKeyShares.get(shareIndex);
    const answers = found && answersOf(found.cluster.id, shareIndex);
    if (!found || !concerns(caller, found.cluster)) refuse({public_key, code: "VALIDATOR_UNKNOWN"});
    else if (!publicKeyShare || !answers) refuse({public_key, code: "SHARE_INDEX_UNKNOWN"});
    else if (!areOurs(share.publicKeyShares ?? [], found.validator)) refuse({public_key, code: "PUBLIC_KEY_SHARES_DIFFER"});
    else if (seen.has(public_key)) refuse({public_key, code: "PUBLIC_KEY_REPEATED"});
    else {
      seen.add(public_key);
      return [{...found, share, answers, publicKeyShare}];
    }
    return [];
  });
}

function areOurs(posted: NonNullable<PostedShare["publicKeyShares"]>, validator: Validator): boolean {
  const ours = publicKeySharesHex(validator);
  return posted.every(({share_index, public_key_share}) => ours.get(share_index) === public_key_share.toLowerCase());
}

const written = new WeakMap<Validator["publicKeyShares"], ReadonlyMap<number, string>>();

/** By share index, 48 bytes in lower-case hex with 0x. Written once: each poll of a sidecar compares thousands of them. */
function publicKeySharesHex({publicKeyShares}: Pick<Validator, "publicKeyShares">): ReadonlyMap<number, string> {
  const known = written.get(publicKeyShares);
  if (known) return known;
  const hex = new Map([...publicKeyShares].map(([index, share]) => [index, toHex(share.toBytes())]));
  written.set(publicKeyShares, hex);
  return hex;
}
