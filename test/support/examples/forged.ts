import {PointFormat} from "@chainsafe/bls/types";
import {addPublicKeys, type PublicKey, parsePublicKey} from "../../../src/bls/curve.js";
import {evaluate, invert, mod, randomScalar} from "../../../src/bls/scalar.js";
import type {Validator} from "../../../src/clusters/cluster.js";
import type {ClusterLock} from "../../../src/clusters/obol/clusterLock.js";
import {hashObolLock} from "../../../src/clusters/obol/obolLockHashes.js";
import {toHex} from "../../../src/runtime/hex.js";
import {aCluster} from "./cluster.js";
import {toSecretKey} from "./keys.js";
import type {Keyshares, KeysharesEntry} from "./ssvCluster.js";

/**
 * A lock that is right in every way, of a validator whose key nobody here has, by who knows its public key alone: its public key
 * shares lie on one polynomial with that key and are chosen so that their sum has a known secret, while none of them has.
 */
export function forgeLock(victim: Validator, withdrawalAddress = `0x${"66".repeat(20)}`): ClusterLock {
  const {lock} = aCluster({validators: 1});
  const indexes = lock.cluster_definition.operators.map((_, position) => BigInt(position + 1));
  const known = [0n, ...Array.from({length: lock.cluster_definition.threshold - 1}, randomScalar)];
  // Share i is u(i)·victim + w(i)·G, with u(0) = 1 and w(0) = 0; the u(i) add up to 0.
  const slope = mod(BigInt(indexes.length) * invert(indexes.reduce((sum, index) => sum + index)));
  const shares = indexes.map((index) =>
    addPublicKeys(times(mod(1n - slope * index), victim.publicKey), toSecretKey(evaluate(known, index)).toPublicKey()),
  );
  const sum = toSecretKey(mod(indexes.reduce((total, index) => total + evaluate(known, index), 0n)));
  const forged = {
    ...lock,
    cluster_definition: {...lock.cluster_definition, validators: [{...addresses(lock), withdrawal_address: withdrawalAddress}]},
    distributed_validators: [
      {distributed_public_key: victim.publicKeyHex, public_shares: shares.map((share) => toHex(share.toBytes()))},
    ],
  };
  return reseal(forged, (lockHash) => sum.sign(lockHash).toBytes());
}

const addresses = ({cluster_definition}: ClusterLock): object => cluster_definition.validators?.[0] ?? {};

/** With the hashes of what the lock says by now. */
export function reseal(lock: ClusterLock, sign: (lockHash: Uint8Array) => Uint8Array): ClusterLock {
  const {hashes, problem} = hashObolLock(lock);
  if (!hashes) throw new Error(problem);
  const {config_hash, definition_hash, lock_hash} = hashes;
  return {
    ...lock,
    cluster_definition: {...lock.cluster_definition, config_hash: toHex(config_hash), definition_hash: toHex(definition_hash)},
    signature_aggregate: toHex(sign(lock_hash)),
    lock_hash: toHex(lock_hash),
  };
}

/** The registration of another cluster's validator, which the chain has for everybody, with other operators and shares. */
export function forgeKeyshares({shares}: Keyshares, operatorIds: readonly number[]): Keyshares {
  return {shares: shares.map((entry) => forgeEntry(entry, operatorIds))};
}

function forgeEntry({data, payload}: KeysharesEntry, operatorIds: readonly number[]): KeysharesEntry {
  const victim = parsePublicKey(Buffer.from(payload.publicKey.slice(2), "hex"));
  const bytes = Buffer.from(payload.sharesData.slice(2), "hex");
  const known = [0n, randomScalar(), randomScalar()];
  const shares = operatorIds.map((id) => addPublicKeys(victim, toSecretKey(evaluate(known, BigInt(id))).toPublicKey()).toBytes());
  const sharesData = toHex(Buffer.concat([bytes.subarray(0, 96), ...shares, bytes.subarray(96 + 48 * operatorIds.length)]));
  const operators = operatorIds.map((id) => ({id, operatorKey: ""}));
  return {data: {...data, operators}, payload: {...payload, operatorIds: [...operatorIds], sharesData}};
}

function times(scalar: bigint, point: PublicKey): PublicKey {
  let sum: PublicKey | undefined;
  for (const bit of scalar.toString(2)) {
    sum = sum && addPublicKeys(sum, sum);
    if (bit === "1") sum = sum ? addPublicKeys(sum, point) : point;
  }
  if (!sum) throw new Error("0 times a point is none");
  return parsePublicKey(sum.toBytes(PointFormat.compressed));
}
