import {toBase32} from "./base32.js";

/** The first 60 bits of at least 8 bytes, for people to compare: 12 letters and digits of base32, XXXX-XXXX-XXXX. */
export const toShortText = (bytes: Uint8Array): string => toBase32(bytes.subarray(0, 8)).replace(/(.{4})(?=.)/g, "$1-");

/** Whether somebody typed this text: in any case, with or without dashes and blanks. */
export const isShortText = (typed: string, text: string): boolean => plain(typed) === plain(text);

const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, "");
