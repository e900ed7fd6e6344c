import type {PublicKey} from "../bls/curve.js";
import type {Cluster, Validator} from "../clusters/cluster.js";
import {DvtError} from "../errors.js";
import type {Aggregator} from "./aggregator.js";

type Said = {cluster_id: string; public_key: string; share_index: number};
type Signer = {cluster: Cluster; validator: Validator; publicKeyShare: PublicKey};

/** DEFINITION_AWAITED: it may be told soon. [TERMINATE] Whose share, or whose refusal, it is: a sidecar of a cluster that has this validator. */
export function findSigner({clusters}: Pick<Aggregator, "clusters">, {cluster_id, public_key, share_index}: Said): Signer {
  const cluster = clusters.byId(cluster_id);
  if (!cluster?.validators.has(public_key) && clusters.awaited.includes(cluster_id)) {
    throw new DvtError("DEFINITION_AWAITED", `take a share: the definition of cluster ${cluster_id} cannot be read now`);
  }
  if (!cluster) throw new DvtError("CLUSTER_UNKNOWN", `take a share: participants.json has no cluster ${cluster_id}`);
  const validator = cluster.validators.get(public_key);
  if (!validator) throw new DvtError("VALIDATOR_UNKNOWN", `take a share: cluster ${cluster.id} has no validator ${public_key}`);
  const publicKeyShare = validator.publicKeyShares.get(share_index);
  if (!publicKeyShare)
    throw new DvtError("SHARE_INDEX_UNKNOWN", `take a share: cluster ${cluster.id} has no share ${share_index}`);
  return {cluster, validator, publicKeyShare};
}
