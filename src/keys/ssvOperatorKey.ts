import {createPrivateKey, createPublicKey, type KeyObject} from "node:crypto";
import {type Static, Type} from "typebox";
import {DvtError} from "../errors.js";
import {parseJsonFile, readText} from "../runtime/files.js";
import {problemsOf} from "../runtime/problems.js";
import {readKeyFile} from "../runtime/secretFile.js";
import {decryptKeystore, Keystore} from "./keystore.js";

/** The RSA key that an SSV operator's shares are encrypted to, and its file. */
export type SsvOperatorKey = {readonly key: KeyObject; readonly path: string};

/** The files of an SSV operator's key. */
export type SsvOperatorKeyFiles = {
  keyFile: string;
  /** Not needed for an unencrypted key. */
  passwordFile?: string | undefined;
  allowExposed?: boolean | undefined;
};

/**
 * encrypted_private_key.json, the format of the SSV node: the `crypto` of EIP-2335 with a PEM of about 1,700 bytes as its secret.
 */
const EncryptedKey = Type.Object({
  ...Keystore.properties.crypto.properties,
  pubKey: Type.Optional(Type.String()),
  pubkey: Type.Optional(Type.String()),
});

const bits = 2048;

/**
 * Reads encrypted_private_key.json with its password, or an unencrypted RSA key: PEM, or PEM in base64. OPERATOR_KEY_INVALID if
 * it holds no RSA key of 2048 bits or names another public key; CONFIG_INVALID if it needs a password and no file is named;
 * KEYSTORE_PASSWORD_WRONG; KEY_FILE_EXPOSED if others can access the password or an unencrypted key.
 */
export async function loadSsvOperatorKey({
  keyFile: path,
  passwordFile,
  allowExposed = false,
}: SsvOperatorKeyFiles): Promise<SsvOperatorKey> {
  const encrypted = readEncrypted(await readText(path, "the operator's key"), path);
  if (!encrypted) {
    const text = await readKeyFile(path, "the operator's key", {allowExposed});
    return {key: parseKey(Buffer.from(text), path), path};
  }
  const password = await readPassword(passwordFile, path, allowExposed);
  const secret = await decryptKeystore({version: 4, crypto: encrypted}, password, path);
  try {
    const key = parseKey(secret, path);
    const publicKey = encrypted.pubKey ?? encrypted.pubkey;
    if (publicKey && !isPublicKeyOf(key, publicKey)) throw invalid(path, "its public key does not match its private key");
    return {key, path};
  } finally {
    secret.fill(0);
  }
}

/** Undefined for anything but a JSON object: it may be an unencrypted key. */
function readEncrypted(text: string, path: string): Static<typeof EncryptedKey> | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const value = parseJsonFile(text, {path, what: "the operator's key", code: "OPERATOR_KEY_INVALID"});
  const problems = problemsOf(EncryptedKey, value);
  if (problems.length > 0) throw invalid(path, `\n  ${problems.join("\n  ")}`);
  return value as Static<typeof EncryptedKey>;
}

async function readPassword(passwordFile: string | undefined, path: string, allowExposed: boolean): Promise<string> {
  if (passwordFile === undefined) {
    throw new DvtError("CONFIG_INVALID", `open ${path}: it is encrypted; set SSV_OPERATOR_PASSWORD_FILE`);
  }
  return readKeyFile(passwordFile, "the operator key's password", {allowExposed});
}

/** Parses a PEM, or a PEM in base64, which the SSV node read from its environment. */
function parseKey(secret: Uint8Array, path: string): KeyObject {
  const text = Buffer.from(secret).toString("latin1");
  let key: KeyObject;
  try {
    key = createPrivateKey(isPem(text) ? text : Buffer.from(text, "base64"));
  } catch {
    throw invalid(path, "its content is not a private key");
  }
  const length = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType !== "rsa" || length !== bits) {
    throw invalid(path, `it holds a key of type ${key.asymmetricKeyType} (${length} bits); expected RSA with ${bits} bits`);
  }
  return key;
}

const isPem = (text: string): boolean => text.trimStart().startsWith("-----BEGIN ");

/** Compares only the bytes, because Go labels a PEM RSA PUBLIC KEY even if it is not PKCS#1. */
function isPublicKeyOf(key: KeyObject, base64: string): boolean {
  const pem = isPem(base64) ? base64 : Buffer.from(base64, "base64").toString("latin1");
  const written = Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ""), "base64");
  const publicKey = createPublicKey(key);
  return (["spki", "pkcs1"] as const).some((type) => publicKey.export({type, format: "der"}).equals(written));
}

const invalid = (path: string, problem: string): DvtError =>
  new DvtError("OPERATOR_KEY_INVALID", `read the operator's key ${path}: ${problem}`);
