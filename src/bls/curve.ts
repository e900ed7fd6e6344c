import {PublicKey, SecretKey, Signature} from "@chainsafe/bls/blst-native";

export type {PublicKey, SecretKey, Signature};

/** 48 bytes, compressed. Throws what is not a point of the subgroup, or is infinity. */
export const parsePublicKey = (bytes: Uint8Array): PublicKey => PublicKey.fromBytes(sized(bytes, 48), undefined, true);

/** 96 bytes, compressed. Throws what is not a point of the subgroup, or is infinity. */
export const parseSignature = (bytes: Uint8Array): Signature => Signature.fromBytes(sized(bytes, 96), undefined, true);

/** blst reads uncompressed points too. */
function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new Error(`parse a point: ${bytes.length} bytes instead of ${length}`);
  return bytes;
}

/** 32 bytes, big-endian. Throws zero and what is not below the curve order. */
export const parseSecretKey = (bytes: Uint8Array): SecretKey => SecretKey.fromBytes(bytes);

/** Whether `signature`, parsed by parseSignature, signs the 32-byte `root` under `publicKey`. */
export function verifySignature(publicKey: PublicKey, root: Uint8Array, signature: Signature): boolean {
  try {
    return signature.verify(publicKey, root);
  } catch {
    return false;
  }
}

export const addSignatures = (left: Signature, right: Signature): Signature => Signature.aggregate([left, right]);
export const addPublicKeys = (left: PublicKey, right: PublicKey): PublicKey => PublicKey.aggregate([left, right]);
