import {listRoot} from "../../consensus/sszRoots.js";
import {problemsOf} from "../../runtime/problems.js";
import {definitionRoot, maxValidators, validatorsRootOf} from "./hashes/definitionRoot.js";
import {container} from "./hashes/fields.js";
import {HashableLock} from "./hashes/hashableLock.js";
import {legacyDefinitionRoot, legacyLockRoot} from "./hashes/legacyRoots.js";
import {validatorRoot} from "./hashes/validatorRoot.js";

/** The hashes, 32 bytes each, by their names in the file. */
export type ObolLockHashes = Readonly<Record<"config_hash" | "definition_hash" | "lock_hash", Uint8Array>>;

/** The hashes and the minor version of a lock, or why it has none. */
export type HashedObolLock =
  | {readonly hashes: ObolLockHashes; readonly minor: number; readonly problem?: undefined}
  | {readonly hashes?: undefined; readonly minor?: undefined; readonly problem: string};

/**
 * Computes the hashes of a lock of v1.0 to v1.11: config_hash over what the operators agree on, definition_hash over that with
 * their ENRs and signatures, lock_hash over all that with the keys. No hash covers signature_aggregate and node_signatures. The
 * rules of each version: https://github.com/ObolNetwork/charon/blob/main/cluster/ssz.go
 */
export function hashObolLock(lock: unknown): HashedObolLock {
  const problems = problemsOf(HashableLock, lock);
  if (problems.length > 0) return {problem: problems.slice(0, 3).join("; ")};
  const hashable = lock as HashableLock;
  const minor = minorOf(hashable.cluster_definition.version);
  if (minor === undefined) return {problem: "its version is not one of v1.0 to v1.11"};
  return {hashes: minor <= 2 ? legacyHashes(hashable, minor) : hashesFrom3(hashable, minor), minor};
}

/** 7 of "v1.7.0". */
function minorOf(version: string): number | undefined {
  const [, minor] = /^v1\.([0-9]|10|11)\.0$/.exec(version) ?? [];
  return minor === undefined ? undefined : Number(minor);
}

const legacyHashes = (lock: HashableLock, minor: number): ObolLockHashes => ({
  config_hash: legacyDefinitionRoot(lock.cluster_definition, minor, false),
  definition_hash: legacyDefinitionRoot(lock.cluster_definition, minor, true),
  lock_hash: legacyLockRoot(lock, minor),
});

function hashesFrom3({cluster_definition, distributed_validators}: HashableLock, minor: number): ObolLockHashes {
  // Both cover it, and it is most of their work in a large cluster.
  const validatorsRoot = validatorsRootOf(cluster_definition, minor);
  const config_hash = definitionRoot(cluster_definition, minor, undefined, validatorsRoot);
  const definition_hash = definitionRoot(cluster_definition, minor, config_hash, validatorsRoot);
  const validators = distributed_validators.map((validator) => validatorRoot(validator, minor));
  return {config_hash, definition_hash, lock_hash: container(definition_hash, listRoot(validators, maxValidators))};
}
