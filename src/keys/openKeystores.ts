import {availableParallelism} from "node:os";
import pMap from "p-map";
import {Type} from "typebox";
import {Check} from "typebox/schema";
import {parseSecretKey, type SecretKey} from "../bls/curve.js";
import {DvtError, expected} from "../errors.js";
import {toHex} from "../runtime/hex.js";
import {canOthersRead} from "../runtime/secretFile.js";
import {decryptKeystore, memoryToOpen} from "./keystore.js";
import type {KeystoreFile} from "./keystoreFile.js";
import {createPasswordReader, type PasswordPlace} from "./keystorePasswords.js";

/** A key share with its public key share. */
export type KeyShare = {
  readonly secretKey: SecretKey;
  /** In lower-case hex with 0x. */
  readonly publicKeyShare: string;
};

/** How keystores are opened. */
export type OpenOptions = {
  /** The location of the passwords; by default the .txt file beside each keystore. */
  passwords?: PasswordPlace | undefined;
  onProgress?: (opened: number, total: number) => void;
  /** Called with the first password file that others can read. */
  onExposed?: (path: string) => void;
};

/** The key shares in a keystore, or why it cannot be opened. */
export type Outcome = readonly KeyShare[] | DvtError;

/** Decrypts keystores on libuv's threads, several at once, while the event loop stays free. */
export async function openKeystores(
  files: readonly KeystoreFile[],
  {passwords = {}, onProgress, onExposed}: OpenOptions,
): Promise<[id: string, Outcome][]> {
  const passwordOf = createPasswordReader(passwords);
  const used = new Set<string>();
  let done = 0;
  const open = async (file: KeystoreFile): Promise<readonly KeyShare[]> => {
    const password = await passwordOf(file.path, file.publicKey);
    used.add(password.path);
    return openKeystore(file, password.text);
  };
  const outcomes = await pMap(
    files,
    async (file): Promise<[string, Outcome]> => {
      const outcome = await open(file).catch(expected);
      onProgress?.(++done, files.length);
      return [file.id, outcome];
    },
    {concurrency: concurrencyFor(files)},
  );
  const exposed = await firstExposed([...used].sort());
  if (exposed !== undefined) onExposed?.(exposed);
  return outcomes;
}

/** One for each core, as far as half of the free memory allows: opening one may take half a GiB. */
function concurrencyFor(files: readonly KeystoreFile[]): number {
  const most = files.reduce((bytes, {keystore}) => Math.max(bytes, memoryToOpen(keystore)), 1);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(process.availableMemory() / 2 / most)));
}

async function firstExposed(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await canOthersRead(path).catch(() => false)) return path;
  return undefined;
}

/**
 * Opens a keystore with one key, or a Prysm wallet with several; KEYSTORE_PASSWORD_WRONG, or KEYSTORE_INVALID if it holds no key.
 */
async function openKeystore({path, keystore}: KeystoreFile, password: string): Promise<KeyShare[]> {
  const secret = await decryptKeystore(keystore, password, path);
  try {
    return secretKeysIn(secret).map((secretKey) => ({secretKey, publicKeyShare: toHex(secretKey.toPublicKey().toBytes())}));
  } catch {
    // Without the cause, because a parser's message may quote the secret.
    throw new DvtError("KEYSTORE_INVALID", `open ${path}: its content is not a BLS secret key`);
  } finally {
    secret.fill(0);
  }
}

function secretKeysIn(secret: Uint8Array): SecretKey[] {
  if (secret.length === 32) return [parseSecretKey(secret)];
  const accounts: unknown = JSON.parse(Buffer.from(secret).toString());
  if (!Check(PrysmAccounts, accounts)) throw new Error("it is not a wallet");
  return accounts.private_keys.map((key) => parseSecretKey(new Uint8Array(Buffer.from(key, "base64"))));
}

/** The content of a Prysm wallet: the keys of its accounts, in base64. */
const PrysmAccounts = Type.Object({private_keys: Type.Array(Type.String({pattern: "^[A-Za-z0-9+/]{43}=$"}))});
