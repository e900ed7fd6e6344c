import {constants, type KeyObject, privateDecrypt} from "node:crypto";
import {parseSecretKey, type SecretKey} from "../bls/curve.js";
import {fromHex} from "../runtime/hex.js";

/**
 * Decrypts a key share of SSV's tools: the hex of the key, with or without 0x, padded with PKCS#1 v1.5. Undefined for every kind
 * of failure, so that nobody learns which.
 */
export function decryptKeyShare(key: KeyObject, encrypted: Uint8Array): SecretKey | undefined {
  const buffers: Uint8Array[] = [];
  const keep = <T extends Uint8Array>(bytes: T): T => {
    buffers.push(bytes);
    return bytes;
  };
  // Of what is too short, OpenSSL decrypts the number, which is the right one where the bytes left out were zero.
  if (encrypted.length !== (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8) return undefined;
  try {
    // Node.js refuses RSA_PKCS1_PADDING here since 20.11.1: https://nodejs.org/en/blog/vulnerability/february-2024-security-releases
    const block = keep(privateDecrypt({key, padding: constants.RSA_NO_PADDING}, encrypted));
    const message = unpad(block);
    const hex = message ? new TextDecoder("latin1").decode(message) : "";
    return /^(0x)?[0-9a-fA-F]{64}$/.test(hex) ? parseSecretKey(keep(fromHex(hex))) : undefined;
  } catch {
    return undefined;
  } finally {
    for (const bytes of buffers) bytes.fill(0);
  }
}

/**
 * The message in a block (https://www.rfc-editor.org/rfc/rfc8017#section-7.2.2), or undefined. Reads every byte in any case, so that
 * the time does not reveal where a block is wrong.
 */
export function unpad(block: Uint8Array): Uint8Array | undefined {
  let wrong = (block[0] as number) | ((block[1] as number) ^ 2);
  let separator = 0;
  let looking = 1;
  for (let at = 2; at < block.length; at++) {
    const isZero = (((block[at] as number) - 1) >> 31) & 1;
    separator |= -(looking & isZero) & at;
    looking &= isZero ^ 1;
  }
  const isPaddingShort = ((separator - firstSeparator) >> 31) & 1;
  wrong |= looking | isPaddingShort;
  return wrong === 0 ? block.subarray(separator + 1) : undefined;
}

/** After 0, 2 and at least eight bytes of padding. */
const firstSeparator = 10;
