import {byteListRoot, byteVectorRoot, containerRoot} from "../../../consensus/sszRoots.js";
import {fromHex} from "../../../runtime/hex.js";

/** The root of a field; undefined for a missing field, so that the following ones move up. */
export type Field = Uint8Array | undefined;

export const present = (fields: readonly Field[]): Uint8Array[] => fields.filter((field) => field !== undefined);
export const container = (...fields: readonly Field[]): Uint8Array => containerRoot(present(fields));

export const hexBytes = (hex: string | null | undefined): Uint8Array => fromHex(hex ?? "");
export const base64Bytes = (text: string | null | undefined): Uint8Array => new Uint8Array(Buffer.from(text ?? "", "base64"));
export const utf8 = (text: string | null | undefined): Uint8Array => new Uint8Array(Buffer.from(text ?? "", "utf8"));

/** Bytes as charon hashes them up to v1.4: empty ones are omitted. */
export const bare = (bytes: Uint8Array): Field => (bytes.length === 0 ? undefined : byteVectorRoot(bytes));

/** Bytes as charon hashes them from v1.5: padded with leading zeros. */
export function padded(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length >= length) return byteVectorRoot(bytes);
  const whole = new Uint8Array(length);
  whole.set(bytes, length - bytes.length);
  return byteVectorRoot(whole);
}

export const text = (value: string | null | undefined, limit: number): Uint8Array => byteListRoot(utf8(value), limit);
