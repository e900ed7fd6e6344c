import {pbkdf2, scrypt} from "node:crypto";
import {promisify} from "node:util";
import {type Static, type TString, Type} from "typebox";
import {fromHex} from "../runtime/hex.js";

export const hexBytes = (min: number, max: number): TString =>
  Type.String({pattern: "^([0-9a-fA-F]{2})*$", minLength: 2 * min, maxLength: 2 * max});

/** As EIP-2335 and Ethereum's own keystores write them, in bounds that a machine can bear. */
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

/** How the key of a keystore comes of its password. */
export type Kdf =
  | {readonly function: "scrypt"; readonly params: Static<typeof scryptParams>}
  | {readonly function: "pbkdf2"; readonly params: Static<typeof pbkdf2Params>};

/** 512 MiB: EIP-2335 itself asks for half of it, and several are opened at once. */
const maxScryptBlocks = 2 ** 22;

/** How many bytes of memory it takes: scrypt's, pbkdf2 needs none to speak of. */
export const memoryToDerive = (kdf: Kdf): number => (kdf.function === "scrypt" ? 128 * kdf.params.n * kdf.params.r : 0);

/** 32 bytes. Runs on libuv's threads: several at once, and none holds up the event loop. Throws where it takes too much memory. */
export function deriveKey(kdf: Kdf, password: string): Promise<Buffer> {
  const salt = fromHex(kdf.params.salt);
  if (kdf.function === "pbkdf2") return promisify(pbkdf2)(password, salt, kdf.params.c, 32, "sha256");
  const {n, r, p} = kdf.params;
  if (n * r > maxScryptBlocks) return Promise.reject(new Error("it asks for too much memory"));
  const maxmem = 128 * r * (n + p + 2) * 2;
  return promisify<string, Uint8Array, number, object, Buffer>(scrypt)(password, salt, 32, {N: n, r, p, maxmem});
}
