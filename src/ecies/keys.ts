import {createECDH, ECDH} from "node:crypto";

/** Whether these 64 bytes (uncompressed, without the leading 04) are a point of secp256k1. */
export function isPublicKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 64) return false;
  try {
    ECDH.convertKey(Buffer.concat([Uint8Array.of(4), publicKey]), "secp256k1");
    return true;
  } catch {
    return false;
  }
}

/** The public key (64 bytes) of a 32-byte private key; throws if that is not a key. */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  const ecdh = createECDH("secp256k1");
  ecdh.setPrivateKey(privateKey);
  return new Uint8Array(ecdh.getPublicKey().subarray(1));
}

/** Generates a 32-byte private key. */
export function generatePrivateKey(): Uint8Array {
  const ecdh = createECDH("secp256k1");
  ecdh.generateKeys();
  const bytes = ecdh.getPrivateKey();
  // OpenSSL omits leading zeros.
  return new Uint8Array(Buffer.concat([new Uint8Array(32 - bytes.length), bytes]));
}
