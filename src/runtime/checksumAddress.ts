import {keccak_256} from "@noble/hashes/sha3";

/** An address (20 bytes in hex with 0x) in the mixed case that carries its checksum: https://eips.ethereum.org/EIPS/eip-55 */
export function toChecksumAddress(address: string): string {
  const digits = address.slice(2).toLowerCase();
  const hash = keccak_256(Buffer.from(digits));
  const isHigh = (position: number): boolean => ((hash[position >> 1] as number) & (position % 2 === 0 ? 0x80 : 0x08)) !== 0;
  return `0x${[...digits].map((digit, position) => (isHigh(position) ? digit.toUpperCase() : digit)).join("")}`;
}

/** Why somebody has to look again at an address (20 bytes in hex with 0x) that they wrote, or undefined. One without mixed case has no checksum. */
export function whyNotChecksum(address: string): string | undefined {
  const digits = address.slice(2);
  if (digits === digits.toLowerCase() || digits === digits.toUpperCase() || address === toChecksumAddress(address))
    return undefined;
  return "its checksum (EIP-55) is wrong, so at least one character is: copy the address again";
}
