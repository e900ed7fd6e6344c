import pMap from "p-map";
import {Type} from "typebox";
import {Check} from "typebox/schema";
import {DvtError, expected} from "../errors.js";
import {checkJson, readJsonValue} from "../runtime/files.js";
import {findJsonFiles, isKeystoreName} from "./findKeystores.js";
import {Keystore} from "./keystore.js";

/** A keystore that was read but not opened. */
export type KeystoreFile = {
  readonly path: string;
  readonly keystore: Keystore;
  /** The public key that it names, in lower-case hex with 0x; empty if it names none. */
  readonly publicKey: string;
  /** Equal for the same secret with the same password. */
  readonly id: string;
};

/** Reads the keystores of a directory, and returns errors for unreadable ones; KEYSTORES_MISSING if there is neither. */
export async function readKeystores(directory: string): Promise<{files: KeystoreFile[]; errors: DvtError[]}> {
  const paths = await findJsonFiles(directory).catch(expected);
  if (paths instanceof DvtError) return {files: [], errors: [paths]};
  const read = await pMap(paths, (path) => readKeystore(path).catch(expected), {concurrency: 16});
  const errors = read.filter((it) => it instanceof DvtError);
  const files = read.filter((it): it is KeystoreFile => it !== undefined && !(it instanceof DvtError));
  if (files.length + errors.length > 0) return {files, errors};
  const missing = `read the keystores in ${directory}: it holds no keystore`;
  return {files, errors: [new DvtError("KEYSTORES_MISSING", missing)]};
}

/** Undefined for other JSON, such as deposit data; KEYSTORE_INVALID for an invalid keystore. */
async function readKeystore(path: string): Promise<KeystoreFile | undefined> {
  const checks = {path, what: "the keystore", schema: Keystore, code: "KEYSTORE_INVALID"} as const;
  const value = await readJsonValue(path, checks.what, checks.code);
  if (!isKeystoreName(path) && !Check(AnyKeystore, value)) return undefined;
  const keystore = checkJson(value, checks);
  const hex = keystore.pubkey?.replace(/^0x/, "").toLowerCase();
  return {path, keystore, publicKey: hex ? `0x${hex}` : "", id: JSON.stringify(keystore.crypto)};
}

const AnyKeystore = Type.Object({crypto: Type.Object({})});
