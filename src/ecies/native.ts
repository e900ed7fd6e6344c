import {createCipheriv, createDecipheriv, createHmac, randomBytes} from "node:crypto";
import {createRequire} from "node:module";
import type * as Secp256k1 from "secp256k1";

/** The first byte of a key with both coordinates. */
const uncompressed = 4;
const keyLength = 65;
const nonceLength = 16;
const tagLength = 16;
const headLength = keyLength + nonceLength + tagLength;

/** An implementation of ECIES. */
export type Ecies = {
  /** Encrypts each plaintext to its own key. */
  encryptEach(messages: readonly {publicKey: Uint8Array; plaintext: Uint8Array}[]): Uint8Array[];
  decrypt(privateKey: Uint8Array, message: Uint8Array): Uint8Array;
};

/**
 * Loads ECIES on libsecp256k1 and node:crypto, about a hundred times as fast as curves in JavaScript; undefined if the native
 * module does not load. It is required by its own name, because the package's default entry silently falls back to JavaScript.
 */
export function loadNative(): Ecies | undefined {
  try {
    return onCurve(createRequire(import.meta.url)("secp256k1/bindings"));
  } catch {
    return undefined;
  }
}

const noSalt = Buffer.alloc(32);
const firstBlock = Uint8Array.of(1);

/**
 * The key derivation of eciespy: HKDF-SHA256, no salt, no info, over both uncompressed points; its 32 bytes are the first block.
 */
function deriveKey(points: Uint8Array): Buffer {
  const pseudorandomKey = createHmac("sha256", noSalt).update(points).digest();
  return createHmac("sha256", pseudorandomKey).update(firstBlock).digest();
}

const onCurve = (secp256k1: typeof Secp256k1): Ecies => {
  /** The hashed points: the ephemeral key, then the shared point. */
  const sharePoint = (ephemeralKey: Uint8Array, point: Uint8Array, privateKey: Uint8Array): Uint8Array => {
    const points = new Uint8Array(2 * keyLength);
    points.set(ephemeralKey);
    const shared = points.subarray(keyLength);
    const toUncompressed = (x: Uint8Array, y: Uint8Array): Uint8Array => {
      shared[0] = uncompressed;
      shared.set(x, 1);
      shared.set(y, 33);
      return shared;
    };
    // Written in place, so that no second copy of the secret remains.
    secp256k1.ecdh(point, privateKey, {hashfn: toUncompressed}, shared);
    return points;
  };
  const freshKey = (): Uint8Array => {
    const key = new Uint8Array(randomBytes(32));
    return secp256k1.privateKeyVerify(key) ? key : freshKey();
  };
  type Ephemeral = {readonly privateKey: Uint8Array; readonly key: Uint8Array};
  const deriveKeyFor = (ephemeral: Ephemeral, publicKey: Uint8Array): Buffer => {
    if (publicKey.length !== keyLength - 1) throw new Error("the key is not 64 bytes long");
    const point = new Uint8Array(keyLength);
    point[0] = uncompressed;
    point.set(publicKey, 1);
    const points = sharePoint(ephemeral.key, point, ephemeral.privateKey);
    const key = deriveKey(points);
    points.fill(0);
    return key;
  };
  const encrypt = (ephemeral: Ephemeral, key: Buffer, plaintext: Uint8Array) => {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const ciphertext = cipher.update(plaintext);
    cipher.final();
    const message = new Uint8Array(headLength + ciphertext.length);
    message.set(ephemeral.key);
    message.set(nonce, keyLength);
    message.set(cipher.getAuthTag(), keyLength + nonceLength);
    message.set(ciphertext, headLength);
    return message;
  };

  return {
    encryptEach(messages) {
      // One ephemeral key for all: the shared point, and so the key, differs for each recipient (Bellare, Boldyreva, Staddon:
      // Randomness re-use in multi-recipient encryption schemes, PKC 2003). A recipient's messages have one key and a nonce each.
      const privateKey = freshKey();
      const ephemeral = {privateKey, key: secp256k1.publicKeyCreate(privateKey, false)};
      const keys = new Map<string, Buffer>();
      try {
        return messages.map(({publicKey, plaintext}) => {
          const recipient = Buffer.from(publicKey).toString("latin1");
          const key = keys.get(recipient) ?? deriveKeyFor(ephemeral, publicKey);
          keys.set(recipient, key);
          return encrypt(ephemeral, key, plaintext);
        });
      } finally {
        for (const secret of [privateKey, ...keys.values()]) secret.fill(0);
      }
    },
    decrypt(privateKey, message) {
      if (message.length <= headLength) throw new Error("too short");
      const ephemeralKey = message.subarray(0, keyLength);
      if (ephemeralKey[0] !== uncompressed) throw new Error("the ephemeral key is not uncompressed");
      const points = sharePoint(ephemeralKey, ephemeralKey, privateKey);
      const key = deriveKey(points);
      const nonce = message.subarray(keyLength, keyLength + nonceLength);
      const decipher = createDecipheriv("aes-256-gcm", key, nonce, {authTagLength: tagLength});
      decipher.setAuthTag(message.subarray(keyLength + nonceLength, headLength));
      const plaintext = decipher.update(message.subarray(headLength));
      decipher.final();
      for (const secret of [points, key]) secret.fill(0);
      return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
    },
  };
};
