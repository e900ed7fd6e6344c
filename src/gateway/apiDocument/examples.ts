const bytes = (byte: string, count: number): string => `0x${byte.repeat(count)}`;

/** Values in the examples of the OpenAPI document. They have the right lengths, and belong to nobody. */
export const examples = {
  vault: bytes("ab", 20),
  managerAddress: "0xABaBaBaBABabABabAbAbABAbABabababaBaBABaB",
  publicKey: bytes("a1", 48),
  otherPublicKey: bytes("b2", 48),
  publicKeyShare: bytes("a3", 48),
  signature: bytes("c4", 96),
  otherSignature: bytes("c5", 96),
  managerSignature: `${bytes("d6", 64)}1b`,
  shares: {public_keys: [bytes("e7", 48)], encrypted_exit_signatures: [`0x04${"f8".repeat(192)}`]},
  createdAt: {created_at_timestamp: 1767225600, created_at_string: "2026-01-01 00:00:00+0000"},
  gwei: 32_000_000_000,
};
