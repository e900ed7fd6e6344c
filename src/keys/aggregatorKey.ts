import {generatePrivateKey, publicKeyOf} from "../ecies/keys.js";
import {DvtError} from "../errors.js";
import {fromHex, toHex} from "../runtime/hex.js";
import {readKeyFile, writeKeyFile} from "../runtime/secretFile.js";

/**
 * Loads a private key of 32 bytes. KEY_FILE_INVALID if the file holds no key, or one whose public key is not among `publicKeys`
 * (64 bytes each); KEY_FILE_EXPOSED if others can access it.
 */
export async function loadAggregatorKey(
  path: string,
  publicKeys: readonly Uint8Array[],
  {allowExposed = false} = {},
): Promise<Uint8Array> {
  const text = (await readKeyFile(path, "the aggregator's key", {allowExposed})).trim();
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(text)) throw new DvtError("KEY_FILE_INVALID", `read ${path}: it is not 32 bytes in hex`);
  const privateKey = fromHex(text);
  let publicKey: string;
  try {
    publicKey = toHex(publicKeyOf(privateKey));
  } catch {
    throw new DvtError("KEY_FILE_INVALID", `read ${path}: it is not a secp256k1 key`);
  }
  if (publicKeys.some((key) => toHex(key) === publicKey)) return privateKey;
  throw new DvtError(
    "KEY_FILE_INVALID",
    `read ${path}: its public key ${publicKey} is not among participants.json's encryption_keys`,
  );
}

/** Loads every key that shares may still be encrypted to, in the order of the files. */
export const loadAggregatorKeys = (
  paths: readonly string[],
  publicKeys: readonly Uint8Array[],
  options: {allowExposed?: boolean} = {},
): Promise<Uint8Array[]> => Promise.all(paths.map((path) => loadAggregatorKey(path, publicKeys, options)));

/** Creates a key file that only its owner can read, and returns the public key (64 bytes); never overwrites a file. */
export async function createAggregatorKey(path: string): Promise<Uint8Array> {
  const privateKey = generatePrivateKey();
  await writeKeyFile(path, toHex(privateKey));
  return publicKeyOf(privateKey);
}
