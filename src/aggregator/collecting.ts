import {exitShare} from "../../schemas/exitShare.js";
import {voluntaryExitSigningRoot} from "../consensus/voluntaryExit.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {Blinding} from "../exits/splitExit.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {fromHex} from "../runtime/hex.js";
import type {Aggregator} from "./aggregator.js";
import {findSigner} from "./findSigner.js";
import {type Gathered, gatherShares, type SignatureShare} from "./gathered.js";

/** A share of an exit. Its bytes are a ciphertext. */
export type Share = SignatureShare & {readonly exit: ExitId};

/** An exit that shares came for. */
export type Collecting = Gathered<Share> & {
  readonly exit: ExitId;
  /** Who asked for it, when it was looked up. */
  operatorIds: readonly string[];
  /** For its split, where there was time to make it beforehand. */
  blinding?: Blinding;
};

/** [TERMINATE] A share of a known sidecar, on that sidecar's subject. */
export function readShare(aggregator: Aggregator, {subject, data}: Delivery): Share {
  const share = decode(exitShare, subject, data);
  const {cluster, validator, publicKeyShare} = findSigner(aggregator, share);
  const exit = {network: aggregator.network, publicKey: share.public_key, validatorIndex: share.validator_index};
  return {
    exit,
    key: exitKeyOf(exit),
    clusterId: cluster.id,
    threshold: cluster.threshold,
    validator,
    shareIndex: share.share_index,
    publicKeyShare,
    bytes: fromHex(share.encrypted_signature),
  };
}

export const gather = (shares: readonly Share[]): Collecting[] =>
  gatherShares(shares, ({exit}) => ({
    exit,
    root: voluntaryExitSigningRoot(exit.network, exit.validatorIndex),
    operatorIds: [],
  }));
