import {keccak256} from "ox/Hash";
import {decrypt, type Key, toKey} from "ox/Keystore";
import {type Static, Type} from "typebox";
import {publicKeyOf} from "../ecies/keys.js";
import {DvtError} from "../errors.js";
import {checkJson, parseJsonFile} from "../runtime/files.js";
import {toHex} from "../runtime/hex.js";
import {readKeyFile} from "../runtime/secretFile.js";
import {deriveKey, hexBytes, type Kdf, pbkdf2Params, scryptParams} from "./deriveKey.js";

/** The files of an Ethereum keystore. */
export type EthereumKeystoreFiles = {
  readonly keyFile: string;
  readonly passwordFile: string;
  readonly allowExposed?: boolean;
};

const encrypted = {
  cipher: Type.Literal("aes-128-ctr"),
  ciphertext: hexBytes(32, 32),
  cipherparams: Type.Object({iv: hexBytes(16, 16)}),
  mac: hexBytes(32, 32),
};

/** https://ethereum.org/en/developers/docs/data-structures-and-encoding/web3-secret-storage/, the format of geth, foundry and eth-account. */
const EthereumKeystore = Type.Object({
  version: Type.Literal(3),
  address: Type.Optional(Type.String({pattern: "^(0x)?([0-9a-fA-F]{40})?$"})),
  crypto: Type.Union([
    Type.Object({...encrypted, kdf: Type.Literal("scrypt"), kdfparams: scryptParams}),
    Type.Object({...encrypted, kdf: Type.Literal("pbkdf2"), kdfparams: pbkdf2Params}),
  ]),
});
type EthereumKeystore = Static<typeof EthereumKeystore>;

/**
 * Loads the secp256k1 key (32 bytes) of an Ethereum keystore of version 3. KEYSTORE_INVALID if it is not one, holds no key, or
 * names another address; KEYSTORE_PASSWORD_WRONG; KEY_FILE_EXPOSED if others can access it or its password.
 */
export async function loadEthereumKey({
  keyFile: path,
  passwordFile,
  allowExposed = false,
}: EthereumKeystoreFiles): Promise<Uint8Array> {
  const keystore = parseKeystore(await readKeyFile(path, "the keystore", {allowExposed}), path);
  const password = await readKeyFile(passwordFile, "the keystore's password", {allowExposed});
  const privateKey = await open(keystore, password.replace(/\r?\n$/, ""), path);
  const address = addressOf(privateKey, path);
  const named = keystore.address?.replace(/^0x/, "").toLowerCase();
  if (named && `0x${named}` !== address) throw invalid(path, `it names address 0x${named}, but its key has address ${address}`);
  return privateKey;
}

function parseKeystore(text: string, path: string): EthereumKeystore {
  const described = {path, what: "the keystore", code: "KEYSTORE_INVALID"} as const;
  return checkJson(parseJsonFile(text, described), {...described, schema: EthereumKeystore});
}

async function open(keystore: EthereumKeystore, password: string, path: string): Promise<Uint8Array> {
  const key = await derive(keystore, password).catch(() => {
    throw invalid(path, `its ${keystore.crypto.kdf} parameters cannot be used`);
  });
  try {
    return decrypt({...keystore, id: ""}, key, {as: "Bytes"});
  } catch {
    throw new DvtError("KEYSTORE_PASSWORD_WRONG", `decrypt ${path}: the password does not open it`);
  }
}

/**
 * OpenSSL accepts only n below 2^(16 r) (https://www.rfc-editor.org/rfc/rfc7914#section-6), but many keystores have n = 2^18 and r = 1:
 * ox derives these, which blocks the event loop for a second. Its toKeyAsync() accepts only r = 1 (0.14.67).
 */
async function derive(keystore: EthereumKeystore, password: string): Promise<Key> {
  const {crypto} = keystore;
  if (crypto.kdf === "scrypt" && crypto.kdfparams.n >= 2 ** (16 * crypto.kdfparams.r))
    return toKey({...keystore, id: ""}, {password});
  return toHex(await deriveKey({function: crypto.kdf, params: crypto.kdfparams} as Kdf, password)) as `0x${string}`;
}

/** The address, in lower-case hex with 0x: the last 20 bytes of the hash of the public key. */
function addressOf(privateKey: Uint8Array, path: string): string {
  try {
    return `0x${keccak256(publicKeyOf(privateKey), {as: "Hex"}).slice(-40)}`;
  } catch {
    throw invalid(path, "its content is not a secp256k1 key");
  }
}

const invalid = (path: string, problem: string): DvtError =>
  new DvtError("KEYSTORE_INVALID", `read the keystore ${path}: ${problem}`);
