import {createRequire} from "node:module";
import type * as Eciesjs from "eciesjs";
import {type Ecies, loadNative} from "./native.js";

function loadInJavaScript(): Ecies {
  const eciesjs: typeof Eciesjs = createRequire(import.meta.url)("eciesjs");
  return {
    encryptEach: (messages) =>
      messages.map(
        ({publicKey, plaintext}) => new Uint8Array(eciesjs.encrypt(Buffer.concat([Uint8Array.of(4), publicKey]), plaintext)),
      ),
    decrypt: (privateKey, message) => new Uint8Array(eciesjs.decrypt(privateKey, message)),
  };
}

const native = loadNative();
const ecies = native ?? loadInJavaScript();

/**
 * Whether the native module is loaded; without it, everything works about a hundred times slower, and a role warns when it
 * starts.
 */
export const isNative = native !== undefined;

/**
 * Encrypts in the format of eciespy: 65-byte ephemeral key ‖ 16-byte nonce ‖ 16-byte tag ‖ ciphertext (HKDF-SHA256, AES-256-GCM).
 * `publicKey`: 64 bytes, uncompressed without the leading 04. Throws when it is not on the curve.
 */
export const encrypt = (publicKey: Uint8Array, plaintext: Uint8Array): Uint8Array =>
  encryptEach([{publicKey, plaintext}])[0] as Uint8Array;

/**
 * Encrypts messages, each to its own key, with one ephemeral key for all: cheaper than one by one, and the more so the more of them
 * have the same key. Give it no more than what is encrypted at one time, such as the shards of some exits.
 */
export const encryptEach = (messages: readonly {publicKey: Uint8Array; plaintext: Uint8Array}[]): Uint8Array[] =>
  ecies.encryptEach(messages);

/** Decrypts a message; throws the same error for every failure: truncated, off the curve, for another key, altered. */
export function decrypt(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  try {
    return ecies.decrypt(privateKey, message);
  } catch {
    throw new Error("decrypt: not a message to this key");
  }
}
