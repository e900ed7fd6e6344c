import type {NetworkName} from "../../../schemas/fields.js";
import {networkNameOf} from "../../consensus/networks.js";
import {DvtError} from "../../errors.js";
import {checkJson} from "../../runtime/files.js";
import {toHex} from "../../runtime/hex.js";
import {yieldToEventLoop} from "../../runtime/yieldToEventLoop.js";
import type {ClusterDefinition, DefinitionOptions, Validator} from "../cluster.js";
import {ClusterLock} from "./clusterLock.js";
import {hashObolLock} from "./obolLockHashes.js";
import {readObolValidators} from "./obolValidators.js";
import {findUnverified} from "./verifyObolLock.js";

/** Whether the content of a JSON file looks like an Obol cluster lock. */
export const isObolLock = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "cluster_definition" in value;

/**
 * Reads an Obol cluster-lock.json: share index = position of the operator + 1, shares in hex or (up to v1.1) base64. Throws
 * CLUSTER_LOCK_INVALID, CLUSTER_NETWORK_MISMATCH, CLUSTER_SHARES_INCONSISTENT or CLUSTER_LOCK_UNVERIFIED.
 */
export async function readObolDefinition(
  value: unknown,
  path: string,
  network: NetworkName,
  options?: DefinitionOptions,
): Promise<ClusterDefinition> {
  const lock = toObolLock(value, path);
  const {fork_version} = lock.cluster_definition;
  const lockNetwork = networkNameOf(fork_version);
  if (lockNetwork !== network) {
    throw new DvtError(
      "CLUSTER_NETWORK_MISMATCH",
      `read ${path}: it is for ${lockNetwork} (fork_version ${fork_version}), not for ${network}`,
    );
  }
  const validators: Validator[] = [];
  for (const validator of readObolValidators(lock, path, options)) {
    validators.push(validator);
    await yieldToEventLoop();
  }
  return {network, ...verifyLock(lock, path, validators, options)};
}

/** Checks the fields of a lock; CLUSTER_LOCK_INVALID names every wrong one. */
export const toObolLock = (value: unknown, path: string): ClusterLock =>
  checkJson(value, {path, what: "the cluster lock", schema: ClusterLock, code: "CLUSTER_LOCK_INVALID"});

/** Reads a lock of any network, synchronously. */
export const readObolLock = (lock: ClusterLock, path: string, options?: DefinitionOptions): Omit<ClusterDefinition, "network"> =>
  verifyLock(lock, path, [...readObolValidators(lock, path, options)], options);

function verifyLock(
  lock: ClusterLock,
  path: string,
  validators: readonly Validator[],
  {verify = true, onUnverified}: DefinitionOptions = {},
): Omit<ClusterDefinition, "network"> {
  const hashed = hashObolLock(lock);
  const problem = findUnverified(lock, hashed, validators);
  if (problem !== undefined && verify) {
    throw new DvtError(
      "CLUSTER_LOCK_UNVERIFIED",
      `read ${path}: ${problem}; compare the file with those of the other nodes, or accept it with --no-verify, at your own risk`,
    );
  }
  if (problem !== undefined) onUnverified?.(`read ${path}: ${problem}`);
  return {
    type: "OBOL",
    threshold: lock.cluster_definition.threshold,
    ...(hashed.hashes && {definitionId: toHex(hashed.hashes.lock_hash)}),
    validators: new Map(validators.map((validator) => [validator.publicKeyHex, validator])),
  };
}
