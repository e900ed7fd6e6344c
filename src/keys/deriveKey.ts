import {pbkdf2, scrypt} from "node:crypto";
import {promisify} from "node:util";
import {type Static, type TString, Type} from "typebox";
import {fromHex} from "../runtime/hex.js";

/** The schema of hex without 0x, from `min` to `max` bytes. */
export const hexBytes = (min: number, max: number): TString =>
  Type.String({pattern: "^([0-9a-fA-F]{2})*$", minLength: 2 * min, maxLength: 2 * max});

/** The parameters in EIP-2335 and Ethereum keystores, limited to what a machine can handle. */
export const scryptParams = Type.Object({
  dklen: Type.Literal(32),
  n: Type.Integer({minimum: 2, maximum: 2 ** 20}),
  r: Type.Integer({minimum: 1, maximum: 16}),
  p: Type.Integer({minimum: 1, maximum: 16}),
  salt: hexBytes(1, 64),
});
export const pbkdf2Params = Type.Object({
  dklen: Type.Literal(32),
  c: Type.Integer({minimum: 1, maximum: 2 ** 24}),
  prf: Type.Literal("hmac-sha256"),
  salt: hexBytes(1, 64),
});

/** How the key of a keystore is derived from its password. */
export type Kdf =
  | {readonly function: "scrypt"; readonly params: Static<typeof scryptParams>}
  | {readonly function: "pbkdf2"; readonly params: Static<typeof pbkdf2Params>};

/** 512 MiB: EIP-2335 itself needs half of it, and several are opened at once. */
const maxScryptBlocks = 2 ** 22;

/** The bytes of memory that a derivation needs; pbkdf2 needs hardly any. */
export const memoryToDerive = (kdf: Kdf): number => (kdf.function === "scrypt" ? 128 * kdf.params.n * kdf.params.r : 0);

/**
 * Derives 32 bytes on libuv's threads, so that several run at once without blocking the event loop; throws if it needs too much
 * memory.
 */
export function deriveKey(kdf: Kdf, password: string): Promise<Buffer> {
  const salt = fromHex(kdf.params.salt);
  if (kdf.function === "pbkdf2") return promisify(pbkdf2)(password, salt, kdf.params.c, 32, "sha256");
  const {n, r, p} = kdf.params;
  if (n * r > maxScryptBlocks) return Promise.reject(new Error("it needs too much memory"));
  const maxmem = 128 * r * (n + p + 2) * 2;
  return promisify<string, Uint8Array, number, object, Buffer>(scrypt)(password, salt, 32, {N: n, r, p, maxmem});
}
