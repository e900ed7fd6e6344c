import {createDecipheriv, createHash, pbkdf2, scrypt, timingSafeEqual} from "node:crypto";
import {promisify} from "node:util";
import {type Static, Type} from "typebox";
import {DvtError} from "../errors.js";
import {fromHex} from "../runtime/hex.js";

const hexBytes = (min: number, max: number) =>
  Type.String({pattern: "^([0-9a-fA-F]{2})*$", minLength: 2 * min, maxLength: 2 * max});

const Kdf = Type.Union([
  Type.Object({
    function: Type.Literal("scrypt"),
    params: Type.Object({
      dklen: Type.Literal(32),
      n: Type.Integer({minimum: 2, maximum: 2 ** 20}),
      r: Type.Integer({minimum: 1, maximum: 16}),
      p: Type.Integer({minimum: 1, maximum: 16}),
      salt: hexBytes(1, 64),
    }),
  }),
  Type.Object({
    function: Type.Literal("pbkdf2"),
    params: Type.Object({
      dklen: Type.Literal(32),
      c: Type.Integer({minimum: 1, maximum: 2 ** 24}),
      prf: Type.Literal("hmac-sha256"),
      salt: hexBytes(1, 64),
    }),
  }),
]);

/** A BLS key has 32 bytes; Prysm's wallet is one keystore with the keys of all its accounts, some 120 bytes each. */
const maxSecretBytes = 2 ** 21;

/** https://eips.ethereum.org/EIPS/eip-2335; charon leaves `path` away. */
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

/** 512 MiB: EIP-2335 itself asks for half of it, and several are opened at once. */
const maxScryptBlocks = 2 ** 22;

/** How much memory it takes to open it: scrypt's, pbkdf2 needs none to speak of. */
export const memoryToOpen = ({crypto: {kdf}}: Keystore): number =>
  kdf.function === "scrypt" ? 128 * kdf.params.n * kdf.params.r : 0;

/** NFKD, without control characters, the newline at the end of a password file among them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: EIP-2335 strips C0, C1 and Delete.
const normalise = (password: string): string => password.normalize("NFKD").replace(/[\x00-\x1f\x7f-\x9f]/g, "");

/** Runs on libuv's threads: several at once, and none holds up the event loop. */
function deriveKey(kdf: Static<typeof Kdf>, password: string): Promise<Buffer> {
  const salt = fromHex(kdf.params.salt);
  if (kdf.function === "pbkdf2") return promisify(pbkdf2)(password, salt, kdf.params.c, 32, "sha256");
  const {n, r, p} = kdf.params;
  if (n * r > maxScryptBlocks) return Promise.reject(new Error("it asks for too much memory"));
  const maxmem = 128 * r * (n + p + 2) * 2;
  return promisify<string, Uint8Array, number, object, Buffer>(scrypt)(password, salt, 32, {N: n, r, p, maxmem});
}

/** The secret, as many bytes as its ciphertext has. KEYSTORE_PASSWORD_WRONG when the password does not open it. */
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
