import {createPrivateKey, createPublicKey, type KeyObject, sign, verify} from "node:crypto";
import {nkeys} from "nats";
import {DvtError} from "../errors.js";

/**
 * What an nkey signs beside logins: a signature for one purpose is none for another. The first byte stands in no text, so that no
 * nonce, which is text of the server's choice, can read like any of them. docs/messages.md has the bytes.
 */
const domains = {message: "dvt.v1.message", exitResult: "dvt.v1.exit_result"} as const;
export type Purpose = keyof typeof domains;

const signedBytes = (purpose: Purpose, content: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.of(0xff), Buffer.from(`${domains[purpose]}\n`), content]);

/** What nats-server makes, and some room: nothing in which anything else could be said. */
const nonces = /^[A-Za-z0-9_-]{1,64}$/;

/** Who a process is on the bus: its nkey opens its account, and signs what it says. Its seed does not leave this. */
export type Identity = {
  /** relayer, aggregator, sidecar-<cluster_id>-<share_index>, operator-<operator_id>, admin */
  readonly participant: string;
  /** The public nkey: U…, 56 characters. */
  readonly nkey: string;
  /** Ed25519, 64 bytes. */
  sign(purpose: Purpose, content: Uint8Array): Uint8Array;
  /** What a NATS server takes for a login; nothing is signed for one that sends no nonce. LOGIN_NONCE_INVALID when it is none. */
  logIn(nonce: string | undefined): {nkey: string; sig: string};
};

// Ed25519 keys in the DER that node:crypto reads: https://www.rfc-editor.org/rfc/rfc8410#section-7
const privateKeyHead = Buffer.from("302e020100300506032b657004220420", "hex");
const publicKeyHead = Buffer.from("302a300506032b6570032100", "hex");

/** A new user nkey: the seed is the secret. */
export function createSeed(): {seed: string; nkey: string} {
  const pair = nkeys.createUser();
  return {seed: new TextDecoder().decode(pair.getSeed()), nkey: pair.getPublicKey()};
}

/** KEY_FILE_INVALID when the text is not the seed of a user nkey. Its own text is never told. */
export function toIdentity(participant: string, text: string): Identity {
  const seed = new TextEncoder().encode(text.trim());
  let raw: Uint8Array;
  let nkey: string;
  try {
    const pair = nkeys.fromSeed(seed);
    nkey = pair.getPublicKey();
    raw = pair.getRawSeed();
  } catch {
    throw new DvtError(
      "KEY_FILE_INVALID",
      `be ${participant}: NATS_SEED_FILE does not hold an nkey seed; \`dvt keys new\` makes one`,
    );
  }
  if (!nkey.startsWith("U"))
    throw new DvtError(
      "KEY_FILE_INVALID",
      `be ${participant}: NATS_SEED_FILE holds the seed of another kind of nkey than a user's`,
    );
  // node:crypto signs some twenty times as fast as the nkeys library, which has its curve in JavaScript.
  const key = createPrivateKey({key: Buffer.concat([privateKeyHead, raw]), format: "der", type: "pkcs8"});
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
          `log in to NATS as ${participant}: the server wants something else signed than a login; nothing was signed. It is no NATS server, or somebody is between: look at NATS_URL, and use tls://`,
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

/** Whether this nkey, as participants.json has it, made the signature for this purpose. */
export const isSignedBy = (nkey: string, purpose: Purpose, content: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, signedBytes(purpose, content), publicKeyOf(nkey), signature);

/** The same, on another thread: the event loop is free meanwhile. */
export const isSignedByAside = (nkey: string, purpose: Purpose, content: Uint8Array, signature: Uint8Array): Promise<boolean> =>
  new Promise((resolve, reject) => {
    verify(null, signedBytes(purpose, content), publicKeyOf(nkey), signature, (error, holds) =>
      error ? reject(error) : resolve(holds),
    );
  });

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The 32 bytes between an nkey's prefix byte and its checksum: https://github.com/nats-io/nkeys/blob/v0.4.11/strkey.go */
function rawNkey(nkey: string): Uint8Array {
  const bits = [...nkey].map((letter) => base32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes.slice(1, 33), (byte) => Number.parseInt(byte, 2));
}
