import {DvtError} from "../errors.js";

/** Why a sidecar does not sign, for its operator and for requesters. docs/errors.md has a row for each. */
export const refusals = {
  KEY_NOT_ALLOWED: "this sidecar's ALLOWED_KEYS_FILE does not list the key",
  INDEX_LIMIT:
    "within a day this sidecar signed for as many other indexes of the key as INDEXES_PER_KEY_PER_DAY allows, and this index is not known to be near the chain's next",
  VALIDATOR_ACTIVE: "the validator is active, and this sidecar's ALLOW_ACTIVE_VALIDATORS is not true",
  ROTATION_NOT_ALLOWED:
    "the exit is that of an active validator for another oracle set, and this sidecar's ALLOW_ROTATION is not true",
  ROTATION_UNFOUNDED:
    "the exit is that of an active validator for another oracle set, but the chain does not show the validator as an allowed vault's, and this sidecar has not signed for this index before",
  INDEX_OF_ANOTHER_KEY: "on the chain the index is another key's, or the key has another index",
  VAULT_NOT_ALLOWED:
    "this sidecar does not sign deposits to this vault: ALLOWED_VAULTS, or else the cluster lock, does not name it",
  DEPOSIT_TOO_SMALL: "the deposit is less than 32 ETH (32 mGNO on Gnosis)",
  SIGNER_REFUSED: "this sidecar's remote signer refused to sign it; see the signer's log",
  CREDENTIALS_DIFFER: "this sidecar has signed a deposit of this key with other withdrawal credentials",
} as const;

/** The code of a refusal. */
export type RefusalCode = keyof typeof refusals;

/** A sidecar's decision not to sign. */
export type Refusal = {outcome: "refuse"; code: RefusalCode; reason: string};
/** A policy's decision. */
export type Decision = {outcome: "sign"} | Refusal;

/** The refusal with this code, and its reason. */
export const toRefusal = (code: RefusalCode): Refusal => ({outcome: "refuse", code, reason: refusals[code]});

/** For catch(): SIGNER_REFUSED becomes a refusal, as the signer would answer the same again. */
export function refusalOfSigner(error: unknown): Refusal {
  if (error instanceof DvtError && error.code === "SIGNER_REFUSED") return toRefusal("SIGNER_REFUSED");
  throw error;
}
