import {Type} from "typebox";

/** Patterns of fields that appear in more than one message or file. Hex is accepted in any case and always written in lower case. */
export const patterns = {
  id: "^[a-z0-9_-]{1,32}$",
  batchId: "^[a-z0-9-]{1,64}$",
  publicKey: "^0x[0-9a-fA-F]{96}$",
  secp256k1Key: "^0x[0-9a-fA-F]{128}$",
  bytes: "^0x([0-9a-fA-F]{2})+$",
  bytes32: "^0x[0-9a-fA-F]{64}$",
  address: "^0x[0-9a-fA-F]{40}$",
  fileName: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$",
} as const;

export const networkNames = ["mainnet", "hoodi", "gnosis"] as const;
export type NetworkName = (typeof networkNames)[number];

export const Network = Type.Enum([...networkNames]);
export const Id = Type.String({pattern: patterns.id});
export const BatchId = Type.String({pattern: patterns.batchId});
export const BlsPubkey = Type.String({pattern: patterns.publicKey, description: "48 bytes, compressed"});
export const BlsSignature = Type.String({pattern: "^0x[0-9a-fA-F]{192}$", description: "96 bytes, compressed"});
export const Bytes32 = Type.String({pattern: patterns.bytes32});
/** A participant's public nkey: it logs in to its account on the bus, and verifies its messages. */
export const Nkey = Type.String({pattern: "^U[A-Z2-7]{55}$", description: "a public nkey of a user"});
/** relayer, aggregator, sidecar-<cluster_id>-<share_index>, operator-<operator_id>, viewer-<id> */
export const ParticipantName = Type.String({pattern: "^[a-z0-9_-]{1,96}$"});
export const SoftwareVersion = Type.String({pattern: "^[ -~]{1,64}$", description: "in printable ASCII"});
/** uint64 on the chain; here limited to what a JSON number holds exactly. */
export const ValidatorIndex = Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER});
export const ShareIndex = Type.Integer({minimum: 1, maximum: Number.MAX_SAFE_INTEGER});
export const TimestampMs = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "milliseconds since 1970-01-01T00:00:00Z",
});
/** 65-byte ephemeral key, 16-byte nonce, 16-byte tag, ciphertext: at least one byte of it, at most 512. */
export const EciesCiphertext = Type.String({
  pattern: patterns.bytes,
  minLength: 2 + 2 * 98,
  maxLength: 2 + 2 * 609,
  description: "ECIES (eciespy): 65-byte ephemeral key, 16-byte nonce, 16-byte tag, ciphertext",
});
/** The same, with 64 signature shares of 96 bytes at most. */
export const EciesCiphertexts = Type.String({
  pattern: patterns.bytes,
  minLength: 2 + 2 * (97 + 96),
  maxLength: 2 + 2 * (97 + 64 * 96),
  description: "ECIES (eciespy): 65-byte ephemeral key, 16-byte nonce, 16-byte tag, ciphertext",
});
export const Ed25519Signature = Type.String({
  pattern: "^[A-Za-z0-9+/]{86}==$",
  description: "64 bytes in base64: Ed25519 by an nkey",
});
export const RejectionCode = Type.String({pattern: "^[A-Z_]{1,64}$"});
/** Others store it and print it on terminals, so it holds no control characters. */
export const Sentence = Type.String({pattern: "^[ -~]{1,1024}$", description: "a sentence in printable ASCII"});
export const ShortSentence = Type.String({pattern: "^[ -~]{1,256}$", description: "a sentence in printable ASCII"});
