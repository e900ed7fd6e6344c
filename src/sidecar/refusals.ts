/** Why a sidecar does not sign: what its operator and everybody else reads. docs/errors.md has a row for each. */
export const refusals = {
  KEY_NOT_ALLOWED: "this sidecar's ALLOWED_KEYS_FILE does not list the key",
  INDEX_LIMIT: "this sidecar signed for as many other indexes of the key within a day as INDEXES_PER_KEY_PER_DAY allows",
  VALIDATOR_ACTIVE: "the validator is active, and this sidecar's ALLOW_ACTIVE_VALIDATORS is not true",
  INDEX_OF_ANOTHER_KEY: "on the chain the index is another key's, or the key has another index",
} as const;

export type RefusalCode = keyof typeof refusals;
