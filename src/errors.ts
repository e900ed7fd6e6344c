/**
 * What happens after an error:
 * - `retry`: something is unavailable, such as a server or a file, and may become available again; the message is redelivered, a
 *   role that starts waits for it, and exits 75 when its patience is over.
 * - `terminate`: the message can never succeed; it goes to DEAD_LETTERS, once.
 * - `refuse`: a person has to fix something; the process does not start and exits 78, a running one keeps what it had.
 * - `usage`: the command line is wrong; the process exits 64.
 */
export type Disposition = "retry" | "terminate" | "refuse" | "usage";

/** Every error code and its one disposition. docs/errors.md has a row for each. */
export const dispositions = {
  BUS_UNAVAILABLE: "retry",
  LOGIN_NONCE_INVALID: "retry",
  QUOTA_FULL: "retry",
  STORE_UNAVAILABLE: "retry",
  RATE_LIMITED: "retry",
  CONSENSUS_UNAVAILABLE: "retry",
  EXECUTION_UNAVAILABLE: "retry",
  IPFS_UNAVAILABLE: "retry",
  STATE_UNWRITABLE: "retry",
  DISK_UNAVAILABLE: "retry",
  FILE_MISSING: "retry",
  FILE_INCOMPLETE: "retry",
  CLUSTER_DEFINITION_MISSING: "retry",
  KEYSTORES_MISSING: "retry",
  KEYSTORE_PASSWORD_MISSING: "retry",
  SIGNER_KEYS_MISSING: "retry",
  PORT_UNAVAILABLE: "retry",
  TAKEN_OVER: "retry",
  CLOCK_WRONG: "retry",
  REGISTRY_INCOMPLETE: "retry",
  DEFINITION_AWAITED: "retry",
  SIGNER_UNAVAILABLE: "retry",
  VAULT_IN_USE: "retry",
  WALLET_IN_USE: "retry",
  REGISTRATION_TAKEN_OVER: "retry",

  SIGNATURE_INVALID: "terminate",
  SENDER_FLOODS: "terminate",
  MESSAGE_MALFORMED: "terminate",
  SUBJECT_MISMATCH: "terminate",
  OPERATOR_UNKNOWN: "terminate",
  OPERATOR_NOT_ALLOWED: "terminate",
  ORDER_INVALID: "terminate",
  ORDER_EXPIRED: "terminate",
  REQUESTED_AT_AHEAD: "terminate",
  PUBLIC_KEY_REPEATED: "terminate",
  CLUSTER_UNKNOWN: "terminate",
  VALIDATOR_UNKNOWN: "terminate",
  EXIT_EPOCH_WRONG: "terminate",
  EXIT_UNKNOWN: "terminate",
  SHARE_INDEX_UNKNOWN: "terminate",
  PUBLIC_KEY_SHARES_DIFFER: "terminate",
  SHARE_UNDECRYPTABLE: "terminate",
  SHARE_SIGNATURE_INVALID: "terminate",
  SIGNER_KEY_UNKNOWN: "terminate",
  SIGNER_REFUSED: "terminate",
  SIGNER_SIGNATURE_INVALID: "terminate",
  COMPLETION_INVALID: "terminate",
  OUTGOING_MALFORMED: "terminate",
  STORED_INVALID: "terminate",
  DEMO_FAILED: "terminate",

  CONFIG_INVALID: "refuse",
  FILE_UNREADABLE: "refuse",
  FILE_UNWRITABLE: "refuse",
  FILE_IN_USE: "refuse",
  PARTICIPANTS_INVALID: "refuse",
  PARTICIPANTS_UNTRUSTED: "refuse",
  TRUST_INVALID: "refuse",
  ORACLES_CONFIG_INVALID: "refuse",
  ORACLES_CHECKPOINT_INVALID: "refuse",
  IPFS_CONTENT_INVALID: "refuse",
  DEPOSIT_DATA_INVALID: "refuse",
  RESULTS_INVALID: "refuse",
  KEY_FILE_INVALID: "refuse",
  KEY_FILE_EXPOSED: "refuse",
  CLUSTER_DEFINITION_UNKNOWN: "refuse",
  CLUSTER_FILES_DISAGREE: "refuse",
  CLUSTER_CHANGED: "refuse",
  VALIDATOR_IN_TWO_CLUSTERS: "refuse",
  CLUSTER_LOCK_INVALID: "refuse",
  CLUSTER_NETWORK_MISMATCH: "refuse",
  CLUSTER_SHARES_INCONSISTENT: "refuse",
  CLUSTER_LOCK_UNVERIFIED: "refuse",
  KEYSHARES_INVALID: "refuse",
  OWNER_SIGNATURE_INVALID: "refuse",
  EXECUTION_CHAIN_MISMATCH: "refuse",
  CONSENSUS_CHAIN_MISMATCH: "refuse",
  SSV_CHECKPOINT_INVALID: "refuse",
  REGISTRY_CHECKPOINT_INVALID: "refuse",
  KEYSTORE_INVALID: "refuse",
  KEYSTORE_PASSWORD_WRONG: "refuse",
  KEYSTORE_FOREIGN: "refuse",
  OPERATOR_KEY_INVALID: "refuse",
  KEY_SHARE_UNDECRYPTABLE: "refuse",
  KEY_SHARE_FOREIGN: "refuse",
  ALLOWED_KEYS_INVALID: "refuse",
  STATE_INVALID: "refuse",
  TOKENS_INVALID: "refuse",
  VAULT_RULES_INVALID: "refuse",
  VAULT_INVALID: "refuse",
  VALIDATORS_MANAGER_WRONG: "refuse",
  REGISTRATION_REVERTED: "refuse",
  OPERATION_REVERTED: "refuse",
  WALLET_EMPTY: "refuse",
  TRANSACTION_REFUSED: "refuse",
  NATS_VERSION_UNSAFE: "refuse",
  NATS_CONFIG_REFUSED: "refuse",
  STREAMS_MISSING: "refuse",
  STREAMS_CHANGE_LOSES: "refuse",
  STREAMS_FOREIGN: "refuse",
  STREAMS_REFUSED: "refuse",
  OPERATOR_ID_IN_USE: "refuse",
  SHARE_INDEX_IN_USE: "refuse",
  SERVERS_MISSING: "refuse",
  INVITATION_INVALID: "refuse",
  INVITATION_EXPIRED: "refuse",
  INVITATION_USED: "refuse",
  ENROLMENT_REFUSED: "refuse",

  USAGE: "usage",
} as const satisfies Record<string, Disposition>;

/** The code of an error. */
export type ErrorCode = keyof typeof dispositions;

/** An error with a code; its message names the action, what was wrong and what to do, and never a secret. */
export class DvtError extends Error {
  override name = "DvtError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: {cause?: unknown}) {
    super(message, options);
    this.code = code;
  }
}

/** For catch(): returns an error with a code as a value, and throws anything else, which is our bug. */
export function expected(error: unknown): DvtError {
  if (error instanceof DvtError) return error;
  throw error;
}

/** The disposition of an error; undefined for anything but a DvtError, which is our bug. */
export const dispositionOf = (error: unknown): Disposition | undefined =>
  error instanceof DvtError ? dispositions[error.code] : undefined;

/** Whether a role that starts tries again: the error may heal, or an administrator may be about to create the streams. */
export const isWorthWaiting = (error: unknown): boolean =>
  dispositionOf(error) === "retry" || (error instanceof DvtError && error.code === "STREAMS_MISSING");

const exitCodes = {retry: 75, terminate: 1, refuse: 78, usage: 64} as const satisfies Record<Disposition, number>;

/** The exit status for an error, from sysexits(3): 64 usage, 75 temporary, 78 configuration; 1 for a bug. */
export const exitCodeOf = (error: unknown): number => {
  const disposition = dispositionOf(error);
  return disposition === undefined ? 1 : exitCodes[disposition];
};
