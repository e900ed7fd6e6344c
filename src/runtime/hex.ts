/** Lower case with 0x. */
export const toHex = (bytes: Uint8Array): string =>
  `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;

/** With or without 0x, any case. The caller has checked that it is hex: what is not would be cut off silently. */
export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.startsWith("0x") ? hex.slice(2) : hex, "hex"));
