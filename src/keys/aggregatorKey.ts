import {writeFile} from "node:fs/promises";
import {generatePrivateKey, publicKeyOf} from "../ecies/keys.js";
import {DvtError} from "../errors.js";
import {readText} from "../runtime/files.js";
import {fromHex, toHex} from "../runtime/hex.js";

/** 32 bytes. KEY_FILE_INVALID when the file holds no key, or one whose public key is not among `publicKeys` (64 bytes each). */
export async function loadAggregatorKey(path: string, publicKeys: readonly Uint8Array[]): Promise<Uint8Array> {
  const text = (await readText(path, "the aggregator's key")).trim();
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

/** Makes a key file that only its owner can read, and returns its public key (64 bytes). Never overwrites one. */
export async function createAggregatorKey(path: string): Promise<Uint8Array> {
  const privateKey = generatePrivateKey();
  try {
    await writeFile(path, `${toHex(privateKey)}\n`, {mode: 0o600, flag: "wx"});
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    const why = exists ? "there is a file already, and shares may be encrypted to its key" : (cause as Error).message;
    throw new DvtError("FILE_UNWRITABLE", `write ${path}: ${why}`, {cause});
  }
  return publicKeyOf(privateKey);
}
