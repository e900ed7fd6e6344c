/** Encodes bytes as lower-case hex with 0x. */
export const toHex = (bytes: Uint8Array): string =>
  `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;

/** Decodes hex with or without 0x, in any case. The caller must check that it is hex: anything else is silently cut off. */
export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.startsWith("0x") ? hex.slice(2) : hex, "hex"));
