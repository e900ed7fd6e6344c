import {createPrivateKey, createPublicKey, type KeyObject, sign, verify} from "node:crypto";
import {nkeys} from "nats";
import {DvtError} from "../errors.js";
import {fromBase32, toBase32} from "../runtime/base32.js";

/**
 * The purposes that an nkey signs for beside logins. A signature for one purpose is invalid for another; the first byte, 0xff, occurs in no
 * text, so no nonce that a server chooses can equal such content. docs/messages.md has the bytes.
 */
const domains = {message: "dvt.v2.message", order: "dvt.v2.order", exitResult: "dvt.v2.exit_result"} as const;
/** A purpose of a signature. */
export type Purpose = keyof typeof domains;

const signedBytes = (purpose: Purpose, content: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.of(0xff), Buffer.from(`${domains[purpose]}\n`), content]);

/** The nonces of nats-server, with some room: too short and plain to be anything else. */
const nonces = /^[A-Za-z0-9_-]{1,64}$/;

/** A process's identity on the bus: its nkey logs in to its account and signs its messages. The seed stays inside. */
export type Identity = {
  /** relayer, aggregator, sidecar-<cluster_id>-<share_index>, operator-<operator_id>, admin */
  readonly participant: string;
  /** The public nkey: U…, 56 characters. */
  readonly nkey: string;
  /** Ed25519, 64 bytes. */
  sign(purpose: Purpose, content: Uint8Array): Uint8Array;
  /** The login for a server's nonce, unsigned if it sent none. LOGIN_NONCE_INVALID if it is not a nonce. */
  logIn(nonce: string | undefined): {nkey: string; sig: string};
};

// Ed25519 keys in the DER that node:crypto reads: https://www.rfc-editor.org/rfc/rfc8410#section-7
const privateKeyHead = Buffer.from("302e020100300506032b657004220420", "hex");
const publicKeyHead = Buffer.from("302a300506032b6570032100", "hex");

/** A new user nkey: the seed is the secret. */
export function createSeed(): {seed: string; nkey: string} {
  const seed = new TextDecoder().decode(nkeys.createUser().getSeed());
  return {seed, nkey: toIdentity("", seed).nkey};
}

/** Whether it is the public nkey of a user, checksum included: nats-server refuses a configuration with any other. */
export const isNkey = (text: string): boolean => /^U[A-Z2-7]{55}$/.test(text) && toNkey(rawNkey(text)) === text;

/** The identity of a seed file's text. KEY_FILE_INVALID, which never quotes the text, if it is not the seed of a user nkey. */
export function toIdentity(participant: string, text: string): Identity {
  const seed = text.trim();
  let raw: Uint8Array;
  try {
    raw = nkeys.fromSeed(new TextEncoder().encode(seed)).getRawSeed();
  } catch {
    throw new DvtError(
      "KEY_FILE_INVALID",
      `log in as ${participant}: NATS_SEED_FILE does not hold an nkey seed; \`dvt keys new\` makes one`,
    );
  }
  if (!seed.startsWith("SU"))
    throw new DvtError(
      "KEY_FILE_INVALID",
      `log in as ${participant}: NATS_SEED_FILE holds the seed of another kind of nkey than a user's`,
    );
  // node:crypto is much faster than the nkeys library, whose curve is in JavaScript: a signature, and already the public key.
  const key = createPrivateKey({key: Buffer.concat([privateKeyHead, raw]), format: "der", type: "pkcs8"});
  const nkey = toNkey(createPublicKey(key).export({format: "der", type: "spki"}).subarray(publicKeyHead.length));
  const signRaw = (bytes: Uint8Array): Uint8Array => new Uint8Array(sign(null, bytes, key));
  return {
    participant,
    nkey,
    sign: (purpose, content) => signRaw(signedBytes(purpose, content)),
    logIn(nonce) {
      if (nonce === undefined) return {nkey, sig: ""};
      if (!nonces.test(nonce)) {
        throw new DvtError(
          "LOGIN_NONCE_INVALID",
          `log in to NATS as ${participant}: the server asked for a signature of something that is not a login nonce; nothing was signed. It is not a NATS server, or somebody intercepts the connection: check NATS_URL, and use tls://`,
        );
      }
      return {nkey, sig: Buffer.from(signRaw(Buffer.from(nonce))).toString("base64url")};
    },
  };
}

const publicKeys = new Map<string, KeyObject>();

function publicKeyOf(nkey: string): KeyObject {
  const known = publicKeys.get(nkey);
  if (known) return known;
  const key = createPublicKey({key: Buffer.concat([publicKeyHead, rawNkey(nkey)]), format: "der", type: "spki"});
  publicKeys.set(nkey, key);
  return key;
}

/** Whether the signature is this nkey's, over this content and for this purpose. */
export const isSignedBy = (nkey: string, purpose: Purpose, content: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, signedBytes(purpose, content), publicKeyOf(nkey), signature);

/** isSignedBy on another thread, so that the event loop is free meanwhile. */
export const isSignedByAside = (nkey: string, purpose: Purpose, content: Uint8Array, signature: Uint8Array): Promise<boolean> =>
  new Promise((resolve, reject) => {
    verify(null, signedBytes(purpose, content), publicKeyOf(nkey), signature, (error, holds) =>
      error ? reject(error) : resolve(holds),
    );
  });

// An nkey is the base32 of a prefix byte, 32 bytes and a checksum: https://github.com/nats-io/nkeys/blob/v0.4.11/strkey.go
const userPrefix = 20 << 3;

/** CRC-16/XMODEM. */
function checksumOf(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

/** The nkey of a user's public key of 32 bytes. */
function toNkey(raw: Uint8Array): string {
  const body = Uint8Array.of(userPrefix, ...raw);
  const crc = checksumOf(body);
  return toBase32(Uint8Array.of(...body, crc & 0xff, crc >> 8));
}

/** The public key of an nkey. */
export const rawNkey = (nkey: string): Uint8Array => fromBase32(nkey).subarray(1, 33);
