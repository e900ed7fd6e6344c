import pMap from "p-map";
import {Type} from "typebox";
import {Value} from "typebox/value";
import {DvtError, expected} from "../errors.js";
import {checkJson, readJsonValue} from "../runtime/files.js";
import {findJsonFiles, isKeystoreName} from "./findKeystores.js";
import {Keystore} from "./keystore.js";

export type KeystoreFile = {
  readonly path: string;
  readonly keystore: Keystore;
  /** The public key that it says it has, in lower-case hex with 0x; empty where it says nothing. */
  readonly publicKey: string;
  /** The same for the same secret under the same password. */
  readonly id: string;
};

/** The keystores of the directory, and what is wrong with the others; KEYSTORES_MISSING when there is neither. */
export async function readKeystores(directory: string): Promise<{files: KeystoreFile[]; errors: DvtError[]}> {
  const paths = await findJsonFiles(directory).catch(expected);
  if (paths instanceof DvtError) return {files: [], errors: [paths]};
  const read = await pMap(paths, (path) => readKeystore(path).catch(expected), {concurrency: 16});
  const errors = read.filter((it) => it instanceof DvtError);
  const files = read.filter((it): it is KeystoreFile => it !== undefined && !(it instanceof DvtError));
  if (files.length + errors.length > 0) return {files, errors};
  const missing = `read the keystores in ${directory}: there is no keystore in it`;
  return {files, errors: [new DvtError("KEYSTORES_MISSING", missing)]};
}

/** Undefined for JSON that is something else, such as deposit data. KEYSTORE_INVALID for what should be a keystore and is not. */
async function readKeystore(path: string): Promise<KeystoreFile | undefined> {
  const checks = {path, what: "the keystore", schema: Keystore, code: "KEYSTORE_INVALID"} as const;
  const value = await readJsonValue(path, checks.what, checks.code);
  if (!isKeystoreName(path) && !Value.Check(AnyKeystore, value)) return undefined;
  const keystore = checkJson(value, checks);
  const hex = keystore.pubkey?.replace(/^0x/, "").toLowerCase();
  return {path, keystore, publicKey: hex ? `0x${hex}` : "", id: JSON.stringify(keystore.crypto)};
}

const AnyKeystore = Type.Object({crypto: Type.Object({})});
