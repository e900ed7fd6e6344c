import {addPublicKeys, type PublicKey, parseSignature, type Signature, verifySignature} from "../../bls/curve.js";
import type {Validator} from "../cluster.js";
import type {ClusterLock} from "./clusterLock.js";
import {base64Bytes, hexBytes} from "./hashes/fields.js";
import type {HashedObolLock} from "./obolLockHashes.js";

/**
 * Names the hashes, and the signature_aggregate of all key shares over the lock hash, that are wrong; undefined if all are right.
 * None is optional, because an optional check protects nothing; only up to v1.1 charon itself omitted the signature.
 */
export function findUnverified(
  lock: ClusterLock,
  {hashes, minor, problem}: HashedObolLock,
  validators: readonly Validator[],
): string | undefined {
  const {config_hash, definition_hash} = lock.cluster_definition;
  const seals = {config_hash, definition_hash, lock_hash: lock.lock_hash, signature_aggregate: lock.signature_aggregate};
  if (!hashes) return `its hashes cannot be verified: ${problem}`;
  const bytes = minor <= 1 ? base64Bytes : hexBytes;
  const wrong = (["config_hash", "definition_hash", "lock_hash"] as const)
    .filter((name) => !Buffer.from(bytes(seals[name])).equals(hashes[name]))
    .map(String);
  const signature = bytes(seals.signature_aggregate);
  const mayBeUnsigned = isUnsigned(lock) && minor <= 1;
  if (!mayBeUnsigned && !isSignedByAll(hashes.lock_hash, signature, validators)) wrong.push("signature_aggregate");
  return wrong.length === 0 ? undefined : `its ${wrong.join(", ")} ${wrong.length === 1 ? "does" : "do"} not match its content`;
}

/** Whether nobody has signed the lock. */
export const isUnsigned = ({signature_aggregate}: Pick<ClusterLock, "signature_aggregate">): boolean => !signature_aggregate;

function isSignedByAll(lockHash: Uint8Array, signatureBytes: Uint8Array, validators: readonly Validator[]): boolean {
  const signature = readable(signatureBytes);
  const sums: PublicKey[] = validators.map(({publicKeyShares}) => addPublicKeys(...publicKeyShares.values()));
  return signature !== undefined && verifySignature(addPublicKeys(...sums), lockHash, signature);
}

function readable(bytes: Uint8Array): Signature | undefined {
  try {
    return parseSignature(bytes);
  } catch {
    return undefined;
  }
}
