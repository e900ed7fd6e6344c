import {exitShare} from "../../schemas/exitShare.js";
import type {PublicKey, Signature} from "../bls/curve.js";
import type {Validator} from "../clusters/cluster.js";
import {voluntaryExitSigningRoot} from "../consensus/voluntaryExit.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {Blinding} from "../exits/splitExit.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {groupBy} from "../runtime/groupBy.js";
import {fromHex} from "../runtime/hex.js";
import type {Aggregator} from "./aggregator.js";
import {findSigner} from "./findSigner.js";

/** A share that came, of a sidecar that the cluster's definition knows. */
export type Share = {
  readonly exit: ExitId;
  /** network:public_key:validator_index */
  readonly key: string;
  readonly clusterId: string;
  readonly threshold: number;
  readonly validator: Validator;
  readonly shareIndex: number;
  readonly publicKeyShare: PublicKey;
  readonly ciphertext: Uint8Array;
  /** Once it was opened: a point of the curve, and nothing else is known of it. */
  signature?: Signature;
  /** Alone, under its own public key share. */
  isVerified?: boolean;
};

/** An exit that shares came for. */
export type Collecting = Pick<Share, "exit" | "key" | "clusterId" | "threshold" | "validator"> & {
  /** What is signed. */
  readonly root: Uint8Array;
  readonly came: readonly Share[];
  /** Of those, the ones that are neither refused nor stored. Several may say that they are of one share index. */
  fresh: readonly Share[];
  /** Stored ciphertexts by share index, verified before they were stored. */
  held: ReadonlyMap<number, Uint8Array>;
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
    ciphertext: fromHex(share.encrypted_signature),
  };
}

export const gather = (shares: readonly Share[]): Collecting[] =>
  [...groupBy(shares, ({key}) => key).values()].map((came) => {
    const {exit, key, clusterId, threshold, validator} = came[0] as Share;
    const root = voluntaryExitSigningRoot(exit.network, exit.validatorIndex);
    return {exit, key, clusterId, threshold, validator, root, came, fresh: came, held: new Map(), operatorIds: []};
  });
