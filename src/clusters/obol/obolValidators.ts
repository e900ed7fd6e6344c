import {type PublicKey, parsePublicKey} from "../../bls/curve.js";
import {DvtError} from "../../errors.js";
import {fromHex, toHex} from "../../runtime/hex.js";
import {assertOnePolynomial, type DefinitionOptions, type Validator} from "../cluster.js";
import {packValidator} from "../packValidator.js";
import type {ClusterLock} from "./clusterLock.js";
import {isUnsigned} from "./verifyObolLock.js";

/** Reads the validators of a lock one by one, because each takes a while; CLUSTER_LOCK_INVALID or CLUSTER_SHARES_INCONSISTENT. */
export function* readObolValidators(
  lock: ClusterLock,
  path: string,
  {verify = true}: DefinitionOptions = {},
): Generator<Validator, void> {
  assertConsistent(lock, path);
  // The author of an unsigned lock could have the stakes withdrawn to themselves.
  const isAddressTrusted = !verify || !isUnsigned(lock);
  const keys = new Set<string>();
  const seen = new Map<string, string>();
  for (const position of lock.distributed_validators.keys()) {
    const validator = readValidator(lock, position, seen, path);
    const withdrawalAddress = isAddressTrusted ? withdrawalAddressOf(lock, position) : undefined;
    const {publicKeyHex} = validator;
    if (keys.has(publicKeyHex)) refuse(path, `validator ${position + 1} (${publicKeyHex}) appears twice`);
    keys.add(publicKeyHex);
    assertOnePolynomial(validator, lock.cluster_definition.threshold, path);
    yield packValidator({...validator, ...(withdrawalAddress && {withdrawalAddress})});
  }
}

/** `seen` is where each share was read before. */
function readValidator(lock: ClusterLock, position: number, seen: Map<string, string>, path: string): Validator {
  const {distributed_public_key, public_shares} = lock.distributed_validators[position] as DistributedValidator;
  const {operators} = lock.cluster_definition;
  const publicKeyHex = distributed_public_key.toLowerCase();
  const place = `validator ${position + 1} (${publicKeyHex})`;
  if (public_shares.length !== operators.length) {
    refuse(path, `${place} has ${public_shares.length} public shares for ${operators.length} operators`);
  }
  const publicKey = toPoint(fromHex(publicKeyHex), path, `the key of ${place}`);
  const publicKeyShares = new Map<number, PublicKey>();
  for (const [index, text] of public_shares.entries()) {
    const what = `public share ${index + 1} of ${place}`;
    const bytes = shareBytes(text) ?? refuse(path, `${what} is not 48 bytes`);
    const hex = toHex(bytes);
    const earlier = seen.get(hex);
    if (earlier) refuse(path, `${what} is also ${earlier}`);
    seen.set(hex, `public share ${index + 1} of validator ${position + 1}`);
    publicKeyShares.set(index + 1, toPoint(bytes, path, what));
  }
  return {publicKeyHex, publicKey, publicKeyShares};
}

type DistributedValidator = ClusterLock["distributed_validators"][number];

function assertConsistent({cluster_definition, distributed_validators}: ClusterLock, path: string): void {
  const {threshold, operators, num_validators, validators} = cluster_definition;
  if (threshold > operators.length) refuse(path, `threshold is ${threshold}, more than its ${operators.length} operators`);
  if (num_validators !== distributed_validators.length) {
    refuse(path, `num_validators is ${num_validators}, but it holds ${distributed_validators.length}`);
  }
  if (validators && num_validators !== validators.length) {
    refuse(path, `num_validators is ${num_validators}, but its definition has addresses of ${validators.length}`);
  }
}

/** The address, or undefined for zeros or an empty string: nobody gave one. */
function withdrawalAddressOf({cluster_definition}: ClusterLock, position: number): string | undefined {
  const {validators, withdrawal_address} = cluster_definition;
  const address = (validators ? validators[position]?.withdrawal_address : withdrawal_address)?.toLowerCase();
  return address && /[1-9a-f]/.test(address.slice(2)) ? address : undefined;
}

function toPoint(bytes: Uint8Array, path: string, what: string): PublicKey {
  try {
    return parsePublicKey(bytes);
  } catch {
    return refuse(path, `${what} is not a valid BLS public key`);
  }
}

/** 48 bytes, or undefined. */
function shareBytes(text: string): Uint8Array | undefined {
  if (/^0x[0-9a-fA-F]{96}$/.test(text)) return fromHex(text);
  if (/^[A-Za-z0-9+/]{64}$/.test(text)) return new Uint8Array(Buffer.from(text, "base64"));
  return undefined;
}

function refuse(path: string, problem: string): never {
  throw new DvtError("CLUSTER_LOCK_INVALID", `read ${path}: ${problem}`);
}
