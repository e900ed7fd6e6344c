/** What to do about an error that keeps a message waiting or made it a dead letter, or that a start meets, as docs/errors.md has it. */
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
  VAULT_IN_USE: "Stop it, on whichever machine it runs; or wait, if it has ended. The message says whose it is and how long.",
  WALLET_IN_USE: "Give one of them another wallet; or stop the other one, or wait, if it has ended.",
  REGISTRATION_TAKEN_OVER: "If two run: stop one. Otherwise run it again: it follows what is pending.",
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
  CONFIG_INVALID: "configuration.md, or dvt <command> --help.",
  FILE_UNREADABLE: "Check its path and its rights. If a mounted file is missing, Docker makes a folder there: delete it.",
  FILE_UNWRITABLE: "Check its path and its rights. A key file is never overwritten.",
  FILE_IN_USE: "Stop that process, or give each its own file. Never delete the .lock of one that runs.",
  PARTICIPANTS_INVALID: "Correct what the message lists.",
  PARTICIPANTS_UNTRUSTED: "Ask the administrator over another channel whether it is meant. If it is: dvt trust.",
  TRUST_INVALID: "Correct what the message lists, or have dvt join write it again.",
  ORACLES_CONFIG_INVALID:
    "Take StakeWise's file of this network again. If it was read from the chain: see what StakeWise says; a file takes precedence.",
  ORACLES_CHECKPOINT_INVALID: "Give each network and role its own file. Delete a broken one, and the chain is read again.",
  IPFS_CONTENT_INVALID: "Set ORACLES_CONFIG_FILE to a file with that content.",
  DEPOSIT_DATA_INVALID: "Take the file that the cluster's key generation wrote.",
  RESULTS_INVALID: "Name another file, or move it away.",
  KEY_FILE_INVALID: "Use the matching key file, or add the public key that the message names.",
  KEY_FILE_EXPOSED:
    "chmod 600 it, and consider who may have read it. If something else keeps others away: ALLOW_EXPOSED_KEY_FILES=true.",
  CLUSTER_DEFINITION_UNKNOWN: "Is it complete? Take the file that the cluster's key generation wrote.",
  CLUSTER_FILES_DISAGREE: "Remove one of them. Files of another cluster need their own entry in participants.json.",
  CLUSTER_CHANGED:
    "Nothing, if it is meant: it takes effect once these exits are answered or expired. Otherwise somebody altered the file: restore it.",
  VALIDATOR_IN_TWO_CLUSTERS:
    "Ask the people of both clusters whose they are: somebody may have forged a definition. Remove them from the wrong one, or decide whose they are.",
  CLUSTER_LOCK_INVALID: "Take the cluster-lock.json that the cluster's key generation wrote.",
  CLUSTER_NETWORK_MISMATCH: "Correct the wrong one.",
  CLUSTER_SHARES_INCONSISTENT: "Do not use the file. Compare it with the other nodes'.",
  CLUSTER_LOCK_UNVERIFIED: "Compare it with the other nodes'. If you know why: --no-verify, at your own risk.",
  KEYSHARES_INVALID:
    "Take the file that ssv-keys or ssv-dkg wrote. Validators of other operators are another cluster: give them their own file.",
  OWNER_SIGNATURE_INVALID:
    "Do not use the file. Whoever has the validator's key makes it again, with the owner and nonce of the registration.",
  CONSENSUS_CHAIN_MISMATCH: "Correct CONSENSUS_ENDPOINT.",
  EXECUTION_CHAIN_MISMATCH:
    "Correct EXECUTION_ENDPOINT. If a test chain was started again: delete SSV_CHECKPOINT_FILE, ORACLES_CHECKPOINT_FILE and REGISTRY_CHECKPOINT_FILE.",
  SSV_CHECKPOINT_INVALID: "Give each network and role its own file. Delete a broken one, and the chain is read again.",
  REGISTRY_CHECKPOINT_INVALID:
    "Give it its own file; or delete it, and the chain is read again from the deposit contract's first block.",
  KEYSTORE_INVALID: "Restore it from a backup. dvt keys check checks all but the validators manager's and the wallet's.",
  KEYSTORE_PASSWORD_WRONG: "Put the right one into its file.",
  KEYSTORE_FOREIGN: "Correct OBOL_NODE_INDEX (from 0), the directory, or the lock.",
  OPERATOR_KEY_INVALID: "Give it the key that the SSV node runs with.",
  KEY_SHARE_UNDECRYPTABLE:
    "Is it the key of SSV_OPERATOR_ID? Then whoever made the shares used another key: the validator has to be made again.",
  KEY_SHARE_FOREIGN: "Tell the others of the cluster, and do not register the validator.",
  NATS_CONFIG_REFUSED:
    "The message says why; the server works on with what it had. After nats reload the accounts file is as it was.",
  ALLOWED_KEYS_INVALID: "One key a line, a JSON array of them, or a deposit data file.",
  STATE_INVALID:
    "Give each process its own file. Repair a broken one from a backup, because a sidecar's holds the withdrawal credentials of each key.",
  TOKENS_INVALID: "The gateway's files.",
  VAULT_RULES_INVALID: "The validators manager's rules.",
  VAULT_INVALID:
    "Check --vault and NETWORK, and on a chain of your own KEEPER_CONTRACT and DEPOSIT_CONTRACT. Have the vault's admin upgrade an older one.",
  VALIDATORS_MANAGER_WRONG:
    "Use the key of the manager that the message names, have a manager that is a contract accept your key, or have the vault's admin call setValidatorsManager.",
  REGISTRATION_REVERTED: "Do what the message says about the revert.",
  OPERATION_REVERTED: "Do what the message says about the revert.",
  WALLET_EMPTY: "Send it some more: the message has its address.",
  TRANSACTION_REFUSED: "Correct what it says, or ask another node: EXECUTION_ENDPOINT.",
  NATS_VERSION_UNSAFE: "Use 2.15.2; safe are 2.12.12 and later of 2.12, and 2.14.3 and later.",
  STREAMS_MISSING: "Run dvt streams apply. Is the participant in its participants.json?",
  STREAMS_CHANGE_LOSES:
    "Wait until they are empty, or apply it with --force: lost messages are asked for again. Fewer replicas: set STREAM_REPLICAS to the current number, or leave it unset.",
  STREAMS_FOREIGN: "Give the demo its own server.",
  STREAMS_REFUSED: "Correct what it names: STREAM_REPLICAS=3 needs a NATS cluster of three.",
  OPERATOR_ID_IN_USE: "Stop it, or use another id.",
  SHARE_INDEX_IN_USE: "Stop it: two of them would each keep their own record of what they signed.",
  INVITATION_INVALID: "Copy the invitation again, as a file. Update dvt if it says so.",
  INVITATION_EXPIRED: "Ask the administrator for a new one: dvt invite.",
  INVITATION_USED:
    "If it was not you, tell the administrator: somebody else has seen it. Nobody is taken without a proof or a code. Ask for a new one.",
  ENROLMENT_REFUSED: "The message says why. Compare the definitions; invite again if the invitation has leaked.",
  SERVERS_MISSING: "Do one of the things that the message lists.",
  INTERNAL: "This is a bug: report it, with the log of whoever gave the message up.",
};

/** What to do about a refusal of a sidecar, as docs/errors.md has it. */
export const refusalTodos: Readonly<Record<string, string>> = {
  KEY_NOT_ALLOWED: "If the validator is yours: add it, and restart the sidecar.",
  INDEX_LIMIT:
    "If the index is right: set CONSENSUS_ENDPOINT, or raise the limit. Otherwise somebody may be trying indexes: find out who asks.",
  VALIDATOR_ACTIVE: "Exits are signed before a validator is registered. To sign all the same: ALLOW_ACTIVE_VALIDATORS=true.",
  ROTATION_NOT_ALLOWED: "If the oracles have changed, and you trust who asks: ALLOW_ROTATION=true.",
  ROTATION_UNFOUNDED:
    "If the validator is yours: set CONSENSUS_ENDPOINT, and name the vault in ALLOWED_VAULTS. Otherwise find out who asks.",
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
