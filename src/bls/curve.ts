import {PublicKey, SecretKey, Signature} from "@chainsafe/bls/blst-native";
import {PointFormat} from "@chainsafe/bls/types";

export type {PublicKey, SecretKey, Signature};

/** Parses 48 bytes, compressed; throws unless they are a point of the subgroup other than infinity. */
export const parsePublicKey = (bytes: Uint8Array): PublicKey => PublicKey.fromBytes(sized(bytes, 48), undefined, true);

/** Parses 96 bytes, compressed; throws unless they are a point of the subgroup other than infinity. */
export const parseSignature = (bytes: Uint8Array): Signature => Signature.fromBytes(sized(bytes, 96), undefined, true);

/**
 * Reads 96 bytes, compressed; throws unless they are a point of the curve. Whether it is in the subgroup, which takes twice as
 * long to check, is left to the verifier.
 */
export const readSignature = (bytes: Uint8Array): Signature => Signature.fromBytes(sized(bytes, 96), undefined, false);

/** Checks the length, because blst also reads uncompressed points. */
function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new Error(`parse a point: ${bytes.length} bytes instead of ${length}`);
  return bytes;
}

/** Parses 32 bytes, big-endian; throws for zero and for values from the curve order. */
export const parseSecretKey = (bytes: Uint8Array): SecretKey => SecretKey.fromBytes(bytes);

/** Whether `signature` is a point of the subgroup, not infinity, and signs the 32-byte `root` under `publicKey`. */
export function verifySignature(publicKey: PublicKey, root: Uint8Array, signature: Signature): boolean {
  try {
    return signature.verify(publicKey, root);
  } catch {
    return false;
  }
}

/** The sum of at least one signature. */
export const addSignatures = (...signatures: Signature[]): Signature => Signature.aggregate(signatures);
/** The sum of at least one public key. */
export const addPublicKeys = (...publicKeys: PublicKey[]): PublicKey => PublicKey.aggregate(publicKeys);

/** The flag in the first byte that distinguishes a point from its negation: https://datatracker.ietf.org/doc/html/draft-irtf-cfrg-pairing-friendly-curves-11#appendix-C */
const signFlag = 0x20;

/** Negates a signature; throws for infinity, whose negation cannot be encoded. */
export function negateSignature(signature: Signature): Signature {
  const bytes = signature.toBytes(PointFormat.compressed);
  bytes[0] = (bytes[0] as number) ^ signFlag;
  const opposite = Signature.fromBytes(bytes, undefined, false);
  bytes.fill(0);
  return opposite;
}

/** Encodes a verified point for ourselves only: readOwn… checks only that it is on the curve. */
export const writeOwn = (point: PublicKey | Signature): Uint8Array => point.toBytes(PointFormat.uncompressed);
export const readOwnPublicKey = (bytes: Uint8Array): PublicKey => PublicKey.fromBytes(bytes, undefined, false);
export const readOwnSignature = (bytes: Uint8Array): Signature => Signature.fromBytes(bytes, undefined, false);
