import {createECDH, ECDH} from "node:crypto";

/** Whether these 64 bytes (uncompressed, without the 04 before them) are a point of secp256k1. */
export function isPublicKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 64) return false;
  try {
    ECDH.convertKey(Buffer.concat([Uint8Array.of(4), publicKey]), "secp256k1");
    return true;
  } catch {
    return false;
  }
}

/** 64 bytes: the key that messages to the holder of this 32-byte private key are encrypted to. Throws when it is no key. */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  const ecdh = createECDH("secp256k1");
  ecdh.setPrivateKey(privateKey);
  return new Uint8Array(ecdh.getPublicKey().subarray(1));
}

/** A fresh 32-byte private key. */
export function generatePrivateKey(): Uint8Array {
  const ecdh = createECDH("secp256k1");
  ecdh.generateKeys();
  const bytes = ecdh.getPrivateKey();
  // OpenSSL leaves leading zeros away.
  return new Uint8Array(Buffer.concat([new Uint8Array(32 - bytes.length), bytes]));
}
