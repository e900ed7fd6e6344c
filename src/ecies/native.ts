import {createCipheriv, createDecipheriv, hkdfSync, randomBytes} from "node:crypto";
import {createRequire} from "node:module";
import type * as Secp256k1 from "secp256k1";

const keyLength = 65;
const nonceLength = 16;
const tagLength = 16;
const headLength = keyLength + nonceLength + tagLength;

export type Ecies = {
  encrypt(publicKey: Uint8Array, plaintext: Uint8Array): Uint8Array;
  decrypt(privateKey: Uint8Array, message: Uint8Array): Uint8Array;
};

/**
 * ECIES on libsecp256k1 and node:crypto, some hundred times as fast as curves in JavaScript. Undefined where the native
 * module does not load. It is asked for by its own name: the package's default entry falls back to JavaScript silently.
 */
export function loadNative(): Ecies | undefined {
  try {
    return onCurve(createRequire(import.meta.url)("secp256k1/bindings"));
  } catch {
    return undefined;
  }
}

/** What eciespy derives: HKDF-SHA256, no salt, no info, over both points uncompressed. */
const deriveKey = (ephemeralKey: Uint8Array, sharedPoint: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", Buffer.concat([ephemeralKey, sharedPoint]), Buffer.alloc(0), Buffer.alloc(0), 32));

const onCurve = (secp256k1: typeof Secp256k1): Ecies => {
  const multiply = (point: Uint8Array, privateKey: Uint8Array): Uint8Array => {
    const toUncompressed = (x: Uint8Array, y: Uint8Array): Uint8Array => Buffer.concat([Uint8Array.of(4), x, y]);
    return secp256k1.ecdh(point, privateKey, {hashfn: toUncompressed}, new Uint8Array(keyLength));
  };
  const randomKey = (): Uint8Array => {
    const key = new Uint8Array(randomBytes(32));
    return secp256k1.privateKeyVerify(key) ? key : randomKey();
  };

  return {
    encrypt(publicKey, plaintext) {
      const privateKey = randomKey();
      const ephemeralKey = secp256k1.publicKeyCreate(privateKey, false);
      const sharedPoint = multiply(Buffer.concat([Uint8Array.of(4), publicKey]), privateKey);
      const key = deriveKey(ephemeralKey, sharedPoint);
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
      for (const secret of [privateKey, sharedPoint, key]) secret.fill(0);
      return new Uint8Array(Buffer.concat([ephemeralKey, nonce, cipher.getAuthTag(), ciphertext]));
    },
    decrypt(privateKey, message) {
      if (message.length <= headLength) throw new Error("too short");
      const ephemeralKey = message.subarray(0, keyLength);
      if (ephemeralKey[0] !== 4) throw new Error("the ephemeral key is not uncompressed");
      const sharedPoint = multiply(ephemeralKey, privateKey);
      const key = deriveKey(ephemeralKey, sharedPoint);
      const nonce = message.subarray(keyLength, keyLength + nonceLength);
      const decipher = createDecipheriv("aes-256-gcm", key, nonce, {authTagLength: tagLength});
      decipher.setAuthTag(message.subarray(keyLength + nonceLength, headLength));
      const plaintext = Buffer.concat([decipher.update(message.subarray(headLength)), decipher.final()]);
      for (const secret of [sharedPoint, key]) secret.fill(0);
      return new Uint8Array(plaintext);
    },
  };
};
