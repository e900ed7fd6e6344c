import {createDecipheriv, createHash, timingSafeEqual} from "node:crypto";
import {type Static, Type} from "typebox";
import {DvtError} from "../errors.js";
import {fromHex} from "../runtime/hex.js";
import {deriveKey, hexBytes, memoryToDerive, pbkdf2Params, scryptParams} from "./deriveKey.js";

const Kdf = Type.Union([
  Type.Object({function: Type.Literal("scrypt"), params: scryptParams}),
  Type.Object({function: Type.Literal("pbkdf2"), params: pbkdf2Params}),
]);

/** A BLS key has 32 bytes; a Prysm wallet is one keystore with the keys of all accounts, about 120 bytes each. */
const maxSecretBytes = 2 ** 21;

/** https://eips.ethereum.org/EIPS/eip-2335; charon omits `path`. */
export const Keystore = Type.Object({
  version: Type.Literal(4),
  pubkey: Type.Optional(Type.String({pattern: "^(0x)?([0-9a-fA-F]{96})?$"})),
  crypto: Type.Object({
    kdf: Kdf,
    checksum: Type.Object({function: Type.Literal("sha256"), message: hexBytes(32, 32)}),
    cipher: Type.Object({
      function: Type.Literal("aes-128-ctr"),
      params: Type.Object({iv: hexBytes(16, 16)}),
      message: hexBytes(32, maxSecretBytes),
    }),
  }),
});
export type Keystore = Static<typeof Keystore>;

/** The bytes of memory needed to open a keystore. */
export const memoryToOpen = ({crypto: {kdf}}: Keystore): number => memoryToDerive(kdf);

/** NFKD without control characters, which include the newline at the end of a password file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: EIP-2335 strips C0, C1 and Delete.
const normalise = (password: string): string => password.normalize("NFKD").replace(/[\x00-\x1f\x7f-\x9f]/g, "");

/** Decrypts the secret; KEYSTORE_PASSWORD_WRONG if the password does not open it. */
export async function decryptKeystore({crypto}: Keystore, password: string, path: string): Promise<Uint8Array> {
  const key = await deriveKey(crypto.kdf, normalise(password)).catch((cause) => {
    throw new DvtError("KEYSTORE_INVALID", `decrypt ${path}: its ${crypto.kdf.function} parameters cannot be used`, {cause});
  });
  const ciphertext = fromHex(crypto.cipher.message);
  const checksum = createHash("sha256").update(key.subarray(16)).update(ciphertext).digest();
  if (!timingSafeEqual(checksum, fromHex(crypto.checksum.message))) {
    throw new DvtError("KEYSTORE_PASSWORD_WRONG", `decrypt ${path}: the password does not open it`);
  }
  const decipher = createDecipheriv("aes-128-ctr", key.subarray(0, 16), fromHex(crypto.cipher.params.iv));
  const secret = new Uint8Array(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
  key.fill(0);
  return secret;
}
