import type {NetworkName} from "../../schemas/fields.js";
import {networkNameOf} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {readJson} from "../runtime/files.js";
import {toHex} from "../runtime/hex.js";
import type {ClusterDefinition, DefinitionOptions} from "./cluster.js";
import {ClusterLock} from "./clusterLock.js";
import {hashObolLock} from "./obolLockHashes.js";
import {readObolValidators} from "./obolValidators.js";
import {findUnverified} from "./verifyObolLock.js";

/**
 * Reads an Obol cluster-lock.json: share index = position of the operator + 1, shares in hex or (up to v1.1) base64.
 * CLUSTER_LOCK_INVALID, CLUSTER_NETWORK_MISMATCH, CLUSTER_SHARES_INCONSISTENT or CLUSTER_LOCK_UNVERIFIED when it is not to be
 * believed.
 */
export async function loadObolLock(path: string, network: NetworkName, options?: DefinitionOptions): Promise<ClusterDefinition> {
  const lock = await readJson(path, "the cluster lock", ClusterLock, "CLUSTER_LOCK_INVALID");
  const {fork_version} = lock.cluster_definition;
  const lockNetwork = networkNameOf(fork_version);
  if (lockNetwork !== network) {
    throw new DvtError(
      "CLUSTER_NETWORK_MISMATCH",
      `read ${path}: it is of ${lockNetwork} (fork_version ${fork_version}), not of ${network}`,
    );
  }
  return {network, ...readObolLock(lock, path, options)};
}

/** The lock whatever its network. */
export function readObolLock(
  lock: ClusterLock,
  path: string,
  {verify = true, onUnverified}: DefinitionOptions = {},
): Omit<ClusterDefinition, "network"> {
  const {threshold} = lock.cluster_definition;
  const validators = readObolValidators(lock, path);
  const hashed = hashObolLock(lock);
  const problem = findUnverified(lock, hashed, [...validators.values()]);
  if (problem !== undefined && verify) {
    throw new DvtError(
      "CLUSTER_LOCK_UNVERIFIED",
      `read ${path}: ${problem}; compare the file with the other nodes', or read it all the same with --no-verify, at your own risk`,
    );
  }
  if (problem !== undefined) onUnverified?.(`read ${path}: ${problem}`);
  return {type: "OBOL", threshold, ...(hashed.hashes && {definitionId: toHex(hashed.hashes.lock_hash)}), validators};
}
