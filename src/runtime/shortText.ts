const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The first 60 bits of at least 8 bytes, for people to compare: 12 letters and digits of base32, XXXX-XXXX-XXXX. */
export function toShortText(bytes: Uint8Array): string {
  const bits = Buffer.from(bytes).readBigUInt64BE() >> 4n;
  const letters = Array.from({length: 12}, (_, position) => base32[Number((bits >> BigInt(5 * (11 - position))) & 31n)]).join("");
  return letters.replace(/(.{4})(?=.)/g, "$1-");
}

/** Whether somebody typed this text: in any case, with or without dashes and blanks. */
export const isShortText = (typed: string, text: string): boolean => plain(typed) === plain(text);

const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, "");
