import {depositShare} from "../../schemas/depositShare.js";
import {type DepositId, depositKeyOf, depositRootOf} from "../exits/depositId.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {fromHex} from "../runtime/hex.js";
import type {Aggregator} from "./aggregator.js";
import {findSigner} from "./findSigner.js";
import {type Gathered, gatherShares, type SignatureShare} from "./gathered.js";

/** A share of a deposit. Its bytes are the signature in plain. */
export type DepositShare = SignatureShare & {readonly id: DepositId};

/** A deposit that shares came for. */
export type CollectingDeposit = Gathered<DepositShare> & {readonly id: DepositId};

/** [TERMINATE] A share of a known sidecar, on that sidecar's subject. */
export function readDepositShare(aggregator: Aggregator, {subject, data}: Delivery): DepositShare {
  const share = decode(depositShare, subject, data);
  const {cluster, validator, publicKeyShare} = findSigner(aggregator, share);
  const id = {network: aggregator.network, publicKey: share.public_key, deposit: share.deposit};
  return {
    id,
    key: depositKeyOf(id),
    clusterId: cluster.id,
    threshold: cluster.threshold,
    validator,
    shareIndex: share.share_index,
    publicKeyShare,
    bytes: fromHex(share.signature),
  };
}

export const gatherDeposits = (shares: readonly DepositShare[]): CollectingDeposit[] =>
  gatherShares(shares, ({id}) => ({id, root: depositRootOf(id)}));
