import {PublicKey, SecretKey, Signature} from "@chainsafe/bls/blst-native";
import {PointFormat} from "@chainsafe/bls/types";

export type {PublicKey, SecretKey, Signature};

/** 48 bytes, compressed. Throws what is not a point of the subgroup, or is infinity. */
export const parsePublicKey = (bytes: Uint8Array): PublicKey => PublicKey.fromBytes(sized(bytes, 48), undefined, true);

/** 96 bytes, compressed. Throws what is not a point of the subgroup, or is infinity. */
export const parseSignature = (bytes: Uint8Array): Signature => Signature.fromBytes(sized(bytes, 96), undefined, true);

/**
 * 96 bytes, compressed. Throws what is no point of the curve; whether it is one of the subgroup, which takes twice as long to
 * find out, is left to whoever verifies it.
 */
export const readSignature = (bytes: Uint8Array): Signature => Signature.fromBytes(sized(bytes, 96), undefined, false);

/** blst reads uncompressed points too. */
function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new Error(`parse a point: ${bytes.length} bytes instead of ${length}`);
  return bytes;
}

/** 32 bytes, big-endian. Throws zero and what is not below the curve order. */
export const parseSecretKey = (bytes: Uint8Array): SecretKey => SecretKey.fromBytes(bytes);

/** Whether `signature` is a point of the subgroup, not infinity, and signs the 32-byte `root` under `publicKey`. */
export function verifySignature(publicKey: PublicKey, root: Uint8Array, signature: Signature): boolean {
  try {
    return signature.verify(publicKey, root);
  } catch {
    return false;
  }
}

/** The sum of at least one. */
export const addSignatures = (...signatures: Signature[]): Signature => Signature.aggregate(signatures);
/** The sum of at least one. */
export const addPublicKeys = (...publicKeys: PublicKey[]): PublicKey => PublicKey.aggregate(publicKeys);

/** The flag in the first byte that tells a point from its opposite: https://datatracker.ietf.org/doc/html/draft-irtf-cfrg-pairing-friendly-curves-11#appendix-C */
const signFlag = 0x20;

/** Throws infinity, which has no opposite to write. */
export function negateSignature(signature: Signature): Signature {
  const bytes = signature.toBytes(PointFormat.compressed);
  bytes[0] = (bytes[0] as number) ^ signFlag;
  const opposite = Signature.fromBytes(bytes, undefined, false);
  bytes.fill(0);
  return opposite;
}

/** A point that is known to be good, in bytes, for ourselves alone: readOwn… checks nothing but that it is on the curve. */
export const writeOwn = (point: PublicKey | Signature): Uint8Array => point.toBytes(PointFormat.uncompressed);
export const readOwnPublicKey = (bytes: Uint8Array): PublicKey => PublicKey.fromBytes(bytes, undefined, false);
export const readOwnSignature = (bytes: Uint8Array): Signature => Signature.fromBytes(bytes, undefined, false);
