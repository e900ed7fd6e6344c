import type {PublicKey} from "../../bls/curve.js";
import type {Cluster, Validator} from "../../clusters/cluster.js";
import {DvtError} from "../../errors.js";
import type {Aggregator} from "../aggregator.js";
import type {SignatureShare} from "./shareGroup.js";

/** The fields of a share or a refusal that name its sidecar. */
export type SignerFields = {readonly cluster_id: string; readonly public_key: string; readonly share_index: number};

type Signer = {readonly cluster: Cluster; readonly validator: Validator; readonly publicKeyShare: PublicKey};

/**
 * Finds the sidecar of a share or a refusal. [TERMINATE] Its cluster has this validator, and the validator has this share index.
 * DEFINITION_AWAITED while a definition that may name them cannot be read.
 */
export function findSigner(
  {clusters}: Pick<Aggregator, "clusters">,
  {cluster_id, public_key, share_index}: SignerFields,
): Signer {
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

/** Joins a decoded share with its sidecar. [TERMINATE] As findSigner. */
export function toShare<Id>(
  aggregator: Pick<Aggregator, "clusters">,
  fields: SignerFields,
  signed: Pick<SignatureShare<Id>, "id" | "key" | "bytes" | "cameAt">,
): SignatureShare<Id> {
  const {cluster, validator, publicKeyShare} = findSigner(aggregator, fields);
  return {
    ...signed,
    clusterId: cluster.id,
    threshold: cluster.threshold,
    validator,
    shareIndex: fields.share_index,
    publicKeyShare,
  };
}
