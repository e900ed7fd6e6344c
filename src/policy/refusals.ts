import {DvtError} from "../errors.js";

/** Why a sidecar does not sign: what its operator and everybody else reads. docs/errors.md has a row for each. */
export const refusals = {
  KEY_NOT_ALLOWED: "this sidecar's ALLOWED_KEYS_FILE does not list the key",
  INDEX_LIMIT:
    "this sidecar signed for as many other indexes of the key within a day as INDEXES_PER_KEY_PER_DAY allows, and this one is not known to be near the chain's next",
  VALIDATOR_ACTIVE: "the validator is active, and this sidecar's ALLOW_ACTIVE_VALIDATORS is not true",
  INDEX_OF_ANOTHER_KEY: "on the chain the index is another key's, or the key has another index",
  VAULT_NOT_ALLOWED: "this sidecar signs no deposits to this vault: ALLOWED_VAULTS, or else the cluster lock, does not name it",
  DEPOSIT_TOO_SMALL: "the deposit is of less than 32 ETH (on Gnosis 32 mGNO)",
  SIGNER_REFUSED: "this sidecar's remote signer does not sign it; its log says why",
  CREDENTIALS_DIFFER: "this sidecar signed a deposit of this key with other withdrawal credentials before",
} as const;

export type RefusalCode = keyof typeof refusals;

export type Refusal = {outcome: "refuse"; code: RefusalCode; reason: string};
export type Decision = {outcome: "sign"} | Refusal;

export const toRefusal = (code: RefusalCode): Refusal => ({outcome: "refuse", code, reason: refusals[code]});

/** For catch(): a signer that forbids it would answer the same whenever it is asked. */
export function refusalOfSigner(error: unknown): Refusal {
  if (error instanceof DvtError && error.code === "SIGNER_REFUSED") return toRefusal("SIGNER_REFUSED");
  throw error;
}
