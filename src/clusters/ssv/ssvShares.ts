import {keccak_256} from "@noble/hashes/sha3";
import {type PublicKey, parsePublicKey, parseSignature, verifySignature} from "../../bls/curve.js";
import {DvtError} from "../../errors.js";
import {toChecksumAddress} from "../../runtime/checksumAddress.js";
import {fromHex, toHex} from "../../runtime/hex.js";
import {assertOnePolynomial, type Validator} from "../cluster.js";
import {packValidator} from "../packValidator.js";

/** The parts of what SSV calls sharesData, as views of it; only their lengths have been checked. */
export type SharesData = {
  /** 96 bytes: the owner's address and nonce, signed with the validator's key. */
  readonly signature: Uint8Array;
  /** By operator id, 48 bytes each. */
  readonly publicKeyShares: ReadonlyMap<number, Uint8Array>;
  /** By operator id, 256 bytes each. */
  readonly encryptedKeyShares: ReadonlyMap<number, Uint8Array>;
};

/** The owner of a validator: its address (20 bytes in hex with 0x), and how many validators it had registered before. */
export type Owner = {readonly address: string; readonly nonce: number};

/** A registration of a validator with SSV operators. */
export type SsvRegistration = {
  /** 48 bytes in hex with 0x */
  readonly publicKey: string;
  /** In the order of their shares in sharesData. */
  readonly operatorIds: readonly number[];
  readonly sharesData: Uint8Array;
  /** Undefined if unknown. */
  readonly owner?: Owner | undefined;
};

const lengths = {signature: 96, publicKeyShare: 48, encryptedKeyShare: 256} as const;

/** The threshold by number of operators: 2f + 1 of 3f + 1, with f from 1 to 4. */
export const ssvThresholds: ReadonlyMap<number, number> = new Map([
  [4, 3],
  [7, 5],
  [10, 7],
  [13, 9],
]);

/** ssv-keys wraps operator ids from here. */
const firstIdTooLarge = 2 ** 31;

/** The threshold of these operators; KEYSHARES_INVALID when the SSV network has no such cluster. `where` is for the message. */
export function ssvThresholdOf(operatorIds: readonly number[], where: string): number {
  const threshold = ssvThresholds.get(operatorIds.length);
  if (threshold === undefined) throw invalid(where, `it has ${operatorIds.length} operators; an SSV cluster has 4, 7, 10 or 13`);
  for (const [position, id] of operatorIds.entries()) {
    if (!Number.isInteger(id) || id < 1 || id >= firstIdTooLarge)
      throw invalid(where, `operator id ${id} is not an integer from 1 to 2^31 - 1`);
    if (operatorIds.indexOf(id) !== position) throw invalid(where, `operator id ${id} appears twice`);
  }
  return threshold;
}

/** 96-byte signature ‖ n × 48-byte public key share ‖ n × 256-byte encrypted key share. KEYSHARES_INVALID for another length. */
export function parseSharesData(bytes: Uint8Array, operatorIds: readonly number[], where: string): SharesData {
  const count = operatorIds.length;
  const keysAt = lengths.signature + count * lengths.publicKeyShare;
  const length = keysAt + count * lengths.encryptedKeyShare;
  if (bytes.length !== length) {
    throw invalid(where, `sharesData is ${bytes.length} bytes long; expected ${length} for ${count} operators`);
  }
  const byOperator = (start: number, size: number): Map<number, Uint8Array> =>
    new Map(operatorIds.map((id, position) => [id, bytes.subarray(start + position * size, start + (position + 1) * size)]));
  return {
    signature: bytes.subarray(0, lengths.signature),
    publicKeyShares: byOperator(lengths.signature, lengths.publicKeyShare),
    encryptedKeyShares: byOperator(keysAt, lengths.encryptedKeyShare),
  };
}

/** The 32 bytes that the validator's key signs for its owner: https://github.com/ssvlabs/ssv/blob/v2.0.0/eth/eventhandler/validation.go */
export const ownerDigest = ({address, nonce}: Owner): Uint8Array =>
  keccak_256(Buffer.from(`${toChecksumAddress(address)}:${nonce}`));

/** Whether the signature (96 bytes) gives the validator to this owner at this nonce. */
export function verifyOwnerSignature(publicKey: PublicKey, owner: Owner, signature: Uint8Array): boolean {
  try {
    return verifySignature(publicKey, ownerDigest(owner), parseSignature(signature));
  } catch {
    return false;
  }
}

/**
 * Verifies a registration: OWNER_SIGNATURE_INVALID when the validator's key did not sign for its owner, if known;
 * CLUSTER_SHARES_INCONSISTENT when its shares and key do not lie on one polynomial; KEYSHARES_INVALID otherwise. Messages begin
 * with "read <where>".
 */
export function toSsvValidator({publicKey, operatorIds, sharesData, owner}: SsvRegistration, where: string): Validator {
  const threshold = ssvThresholdOf(operatorIds, where);
  const {signature, publicKeyShares, encryptedKeyShares} = parseSharesData(sharesData, operatorIds, where);
  const point = (bytes: Uint8Array, what: string): PublicKey => {
    try {
      return parsePublicKey(bytes);
    } catch {
      throw invalid(where, `${what} is not a valid BLS public key`);
    }
  };
  const key = point(fromHex(publicKey), "the validator's key");
  if (owner && !verifyOwnerSignature(key, owner, signature)) {
    throw new DvtError(
      "OWNER_SIGNATURE_INVALID",
      `read ${where}: its signature is not that of the validator's key over owner ${owner.address} and nonce ${owner.nonce}`,
    );
  }
  const validator = {
    publicKeyHex: toHex(key.toBytes()),
    publicKey: key,
    publicKeyShares: new Map(
      [...publicKeyShares].map(([id, bytes]) => [id, point(bytes, `the public key share of operator ${id}`)]),
    ),
    encryptedKeyShares,
  };
  assertOnePolynomial(validator, threshold, where);
  return packValidator(validator);
}

const invalid = (where: string, problem: string): DvtError => new DvtError("KEYSHARES_INVALID", `read ${where}: ${problem}`);
