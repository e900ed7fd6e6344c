import {randomBytes} from "node:crypto";
import {batchRejection} from "../../schemas/batchRejection.js";
import {deadLetter} from "../../schemas/deadLetter.js";
import type {Message} from "../../schemas/defineMessage.js";
import {depositCompletion} from "../../schemas/depositCompletion.js";
import {depositRefusal} from "../../schemas/depositRefusal.js";
import {depositShare} from "../../schemas/depositShare.js";
import {exitBatch, maxBatchSize} from "../../schemas/exitBatch.js";
import {exitCompletion} from "../../schemas/exitCompletion.js";
import {exitRefusal} from "../../schemas/exitRefusal.js";
import {exitRequest} from "../../schemas/exitRequest.js";
import {exitShare} from "../../schemas/exitShare.js";
import {messages} from "../../schemas/messages.js";

export type ExampleMessage = {name: string; message: Message; payload: object};

const hex = (bytes: number): string => `0x${randomBytes(bytes).toString("hex")}`;
const oracles = 11;
/** ephemeral key, nonce, tag, and a signature */
const ciphertextBytes = 65 + 16 + 16 + 96;

const network = "hoodi";
const operator_id = "vault-1";
const cluster_id = "alpha";
const public_key = hex(48);
const validator_index = 1_234_567;
const requested_at = 1_700_000_000_000;
const deposit = {vault: hex(20), amount: 32_000_000_000, validator_type: "0x01"};

const payloads: Record<string, object> = {
  [exitBatch.name]: {
    batch_id: "6f9619ff-8b86-d011-b42d-00c04fc964ff",
    network,
    operator_id,
    requested_at,
    validators: Array.from({length: maxBatchSize}, (_, position) => ({
      public_key: hex(48),
      validator_index: validator_index + position,
    })),
  },
  [exitRequest.name]: {network, cluster_id, public_key, requested_at, voluntary_exit: {epoch: 0, validator_index}},
  [exitShare.name]: {
    network,
    cluster_id,
    public_key,
    validator_index,
    share_index: 3,
    encrypted_signature: hex(ciphertextBytes),
  },
  [exitRefusal.name]: {
    network,
    cluster_id,
    public_key,
    validator_index,
    share_index: 3,
    requested_at,
    code: "VALIDATOR_ACTIVE",
    reason: "the validator is active_ongoing",
  },
  [depositShare.name]: {network, cluster_id, public_key, share_index: 3, deposit, signature: hex(96)},
  [depositRefusal.name]: {
    network,
    cluster_id,
    public_key,
    share_index: 3,
    deposit,
    requested_at,
    code: "VAULT_NOT_ALLOWED",
    reason: "this sidecar signs no deposits to this vault",
  },
  [depositCompletion.name]: {network, operator_id, public_key, deposit, status: "completed", signature: hex(96)},
  [exitCompletion.name]: {
    network,
    operator_id,
    public_key,
    validator_index,
    status: "completed",
    oracles_config_hash: hex(32),
    oracles_exit_signature_shares: {
      public_keys: Array.from({length: oracles}, () => hex(48)),
      encrypted_exit_signatures: Array.from({length: oracles}, () => hex(ciphertextBytes)),
    },
    aggregator_signature: randomBytes(64).toString("base64"),
  },
  [batchRejection.name]: {
    network,
    operator_id,
    batch_id: "6f9619ff-8b86-d011-b42d-00c04fc964ff",
    code: "MESSAGE_MALFORMED",
    reason: "decode exit_batch: validators/0/public_key does not fit",
  },
  [deadLetter.name]: {
    stream: "EXIT_SHARES",
    subject: `dvt.v1.exit_shares.${network}.${cluster_id}.3`,
    participant: "aggregator",
    code: "SHARE_SIGNATURE_INVALID",
    reason: "take a share: share 3 of alpha does not sign this exit under its public key share",
    deliveries: 1,
    exit: `${network}:${public_key}:${validator_index}`,
    payload_sha256: hex(32),
  },
};

/** One of each message, as long as it is in a busy system: a full batch, a completion for 11 oracles. */
export const exampleMessages = (): ExampleMessage[] =>
  messages.map((message) => {
    const payload = payloads[message.name];
    if (!payload) throw new Error(`bench: there is no example of ${message.name}`);
    return {name: message.name, message: message as Message, payload};
  });
