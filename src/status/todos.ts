/** What to do about an error that keeps a message waiting or made it a dead letter, as docs/errors.md has it. */
export const errorTodos: Readonly<Record<string, string>> = {
  BUS_UNAVAILABLE: "Check nats-server and NATS_URL. If the streams are missing: dvt streams apply.",
  LOGIN_NONCE_INVALID:
    "It is not a NATS server, or somebody in between wants a signature for something else. Check NATS_URL, and use tls://.",
  QUOTA_FULL: "Check that the relayer, or the aggregator, runs. Refused messages are sent again automatically.",
  STORE_UNAVAILABLE: "Check MongoDB, MONGODB_URL, and the rights of its user.",
  DEFINITION_AWAITED: "The aggregator's log says what is wrong with the definition.",
  REGISTRY_INCOMPLETE: "Wait: it goes on by itself, also after a restart. Or set a beacon node: CONSENSUS_ENDPOINT.",
  RATE_LIMITED: "Nothing, if so many are meant to be asked for. Otherwise find out who asks.",
  CONSENSUS_UNAVAILABLE: "Check the beacon node; add another one. docs/nodes.md says what each kind answers.",
  EXECUTION_UNAVAILABLE: "Check the node or the provider's limits; add another one. docs/nodes.md says what each kind answers.",
  IPFS_UNAVAILABLE: "Add a gateway that has it, or set ORACLES_CONFIG_FILE to a file with that content.",
  SIGNER_UNAVAILABLE: "The message says which. Check the signer, any proxy before it, and the REMOTE_SIGNER_ variables.",
  CLOCK_WRONG: "Set the wrong one (NTP). Every running role reports it too.",
  STATE_UNWRITABLE: "Check the disk and its rights.",
  TAKEN_OVER: "If two run: stop one. If they are two roles, give each its own file.",
  DISK_UNAVAILABLE: "Make room; check the path and the mount.",
  FILE_MISSING: "Check its path and its mount.",
  FILE_INCOMPLETE: "Nothing, if it is being written. Otherwise put the whole file there.",
  CLUSTER_DEFINITION_MISSING: "Check its path and its mount, or name the files with a glob.",
  KEYSTORES_MISSING:
    "Check its mount. Set OBOL_KEYSTORES_DIR to charon's validator_keys, or as configuration.md lists for validator clients.",
  KEYSTORE_PASSWORD_MISSING: "Put the password there.",
  SIGNER_KEYS_MISSING: "Wait, or load them. Check OBOL_NODE_INDEX (from 0) or SSV_OPERATOR_ID, the cluster and the signer.",
  PORT_UNAVAILABLE:
    "Check the variables that the message names, and which process uses the port. Roles on one machine need different values of STATUS_PORT.",
  SENDER_FLOODS:
    "The letters before this one say what is wrong with its messages. Tell whoever runs the sender, or remove it from participants.json.",
  SIGNATURE_INVALID:
    "Check which sender it claims: the nkey in participants.json must match the sender's seed file. Otherwise somebody forges messages.",
  MESSAGE_MALFORMED: "Check who sends it: another version, or a program that is not one of ours.",
  SUBJECT_MISMATCH: "Somebody publishes in another's name, or a program is wrong: find out who.",
  OPERATOR_UNKNOWN: "Add the operator to the participants.json of everybody, and run dvt nats reload and dvt streams apply.",
  OPERATOR_NOT_ALLOWED:
    "Should the operator be allowed? Add the id to the cluster's operators in this sidecar's participants.json. Otherwise ask whoever runs the relayer why it asks.",
  ORDER_INVALID:
    "In REQUESTS: does the operator's seed match the nkey in participants.json, and is its program of this version? In EXIT_REQUESTS: does this sidecar have the operator's current nkey? Otherwise the relayer, or whoever writes its database, changes orders.",
  ORDER_EXPIRED:
    "Is the sidecar's clock right, and its EXIT_LIFETIME the same as the relayer's? Otherwise somebody replays an old order.",
  REQUESTED_AT_AHEAD:
    "Our programs use the bus's clock: is the sender another program, or do the clocks of several NATS servers differ? At a sidecar: is its own clock right?",
  PUBLIC_KEY_REPEATED: "Correct the batch. dvt operator request refuses such a file before it sends.",
  CLUSTER_UNKNOWN: "Give everybody the same participants.json, and run dvt nats reload and dvt streams apply.",
  VALIDATOR_UNKNOWN: "Give relayer and aggregator the cluster's current definition.",
  EXIT_EPOCH_WRONG: "The relayer is not one of ours, or another version.",
  EXIT_UNKNOWN: "Check that relayer and aggregator use the same database, and that the sidecar is what it should be.",
  SHARE_INDEX_UNKNOWN: "Check the sidecar that the subject names.",
  PUBLIC_KEY_SHARES_DIFFER:
    "The node has other keys than the gateway expects, or somebody forges them. Compare its definition with the gateway's.",
  SHARE_UNDECRYPTABLE: "Give the sidecar the current participants.json (the first encryption key in it counts), and restart it.",
  SHARE_SIGNATURE_INVALID:
    "The node that the subject names has wrong keys or lies. The exit completes without it if enough others sign.",
  SIGNER_KEY_UNKNOWN:
    "Give it the key share again, or restart the sidecar, which reads the list again. The exit is asked for again.",
  SIGNER_REFUSED: "The signer's log says why. Is it set up for this network?",
  SIGNER_SIGNATURE_INVALID: "Is it set up for this network? Otherwise it has wrong keys or lies: find out which.",
  COMPLETION_INVALID: "Do not use it. Somebody who is not the aggregator may be publishing completions.",
  OUTGOING_MALFORMED: "Who can write MongoDB, or the files of this process? Otherwise it is a bug: report it.",
  STORED_INVALID:
    "Who can write the database? Restore the document from a backup, or delete it and ask again: architecture.md lists its fields.",
  DEMO_FAILED: "The message says what. If you use your own files, check them first; with generated files it is a bug.",
  INTERNAL: "This is a bug: report it, with the log of whoever gave the message up.",
};

/** What to do about a refusal of a sidecar, as docs/errors.md has it. */
export const refusalTodos: Readonly<Record<string, string>> = {
  KEY_NOT_ALLOWED: "If the validator is yours: add it, and restart the sidecar.",
  INDEX_LIMIT:
    "If the index is right: set CONSENSUS_ENDPOINT, or raise the limit. Otherwise somebody may be trying indexes: find out who asks.",
  VALIDATOR_ACTIVE: "Exits are signed before a validator is registered. To sign all the same: ALLOW_ACTIVE_VALIDATORS=true.",
  INDEX_OF_ANOTHER_KEY: "Ask with the right index.",
  VAULT_NOT_ALLOWED:
    "If the vault is right: add it, and restart the sidecar. Otherwise somebody tries to redirect stakes to themselves: find out who asks.",
  DEPOSIT_TOO_SMALL: "Ask for the whole stake at once.",
  SIGNER_REFUSED: "Check the signer's log. Is it set up for this network?",
  CREDENTIALS_DIFFER: "Use the earlier credentials, or another key. Undoing it is dangerous.",
};

/** What to do about a code; one that is not known here is another version's. */
export const todoOf = (todos: Readonly<Record<string, string>>, code: string): string =>
  todos[code] ?? `docs/errors.md says what to do about ${code}.`;
