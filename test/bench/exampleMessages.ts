import {randomBytes} from "node:crypto";
import {batchRejection} from "../../schemas/batchRejection.js";
import {deadLetter} from "../../schemas/deadLetter.js";
import type {Message} from "../../schemas/defineMessage.js";
import {depositCompletion} from "../../schemas/depositCompletion.js";
import {depositRefusal} from "../../schemas/depositRefusal.js";
import {depositShare} from "../../schemas/depositShare.js";
import {enrolment} from "../../schemas/enrolment.js";
import {exitBatch, maxBatchSize} from "../../schemas/exitBatch.js";
import {exitCompletion} from "../../schemas/exitCompletion.js";
import {exitReceipt} from "../../schemas/exitReceipt.js";
import {exitRefusal} from "../../schemas/exitRefusal.js";
import {exitRequest} from "../../schemas/exitRequest.js";
import {exitShare} from "../../schemas/exitShare.js";
import {messages} from "../../schemas/messages.js";
import {maxOrderSize} from "../../schemas/order.js";
import {participants} from "../../schemas/participants.js";
import {presence} from "../../schemas/presence.js";
import {registration} from "../../schemas/registration.js";
import {anEnrolment, aRegistration} from "../support/examples/messages.js";
import {publishedParticipants} from "../support/examples/participants.js";

export type ExampleMessage = {name: string; message: Message; payload: object};

const hex = (bytes: number): string => `0x${randomBytes(bytes).toString("hex")}`;
const oracles = 11;
/** ephemeral key, nonce, tag */
const eciesHeadBytes = 65 + 16 + 16;
const ciphertextBytes = eciesHeadBytes + 96;

const network = "hoodi";
const operator_id = "vault-1";
const cluster_id = "alpha";
const public_key = hex(48);
const validator_index = 1_234_567;
const requested_at = 1_700_000_000_000;
const deposit = {vault: hex(20), amount: 32_000_000_000, validator_type: "0x01"};

const sidecar = {network, cluster_id, share_index: 3};
const entry = (): object => ({public_key: hex(48), validator_index});
const many = (toEntry: () => object): object[] => Array.from({length: maxOrderSize}, toEntry);

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
    order_signatures: Array.from({length: Math.ceil(maxBatchSize / maxOrderSize)}, () => randomBytes(64).toString("base64")),
  },
  [exitRequest.name]: {
    network,
    cluster_id,
    order_id: hex(32),
    epoch: 0,
    order: {operator_id, requested_at, entries: many(entry), signature: randomBytes(64).toString("base64")},
  },
  [exitShare.name]: {...sidecar, exits: many(entry), encrypted_signatures: hex(eciesHeadBytes + 96 * maxOrderSize)},
  [exitRefusal.name]: {
    ...sidecar,
    refusals: many(() => ({
      ...entry(),
      requested_at,
      code: "VALIDATOR_ACTIVE",
      reason: "the validator is active_ongoing",
    })),
  },
  [depositShare.name]: {...sidecar, deposits: many(() => ({public_key: hex(48), deposit, signature: hex(96)}))},
  [depositRefusal.name]: {
    ...sidecar,
    refusals: many(() => ({
      public_key: hex(48),
      deposit,
      requested_at,
      code: "VAULT_NOT_ALLOWED",
      reason: "this sidecar signs no deposits to this vault",
    })),
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
  [exitReceipt.name]: {
    network,
    operator_id,
    oracles_config_hash: hex(32),
    exits: Array.from({length: maxOrderSize}, () => ({public_key: hex(48), validator_index})),
  },
  [deadLetter.name]: {
    stream: "EXIT_SHARES",
    subject: `dvt.v2.exit_shares.${network}.${cluster_id}.3`,
    participant: "aggregator",
    code: "SHARE_SIGNATURE_INVALID",
    reason: "take a share: share 3 of alpha does not sign this exit under its public key share",
    deliveries: 1,
    exit: `${network}:${public_key}:${validator_index}`,
    payload_sha256: hex(32),
  },
  [presence.name]: {
    ...sidecar,
    participant: `sidecar-${cluster_id}-3`,
    instance: "0a1b2c3d",
    role: "sidecar",
    version: "1.0.0",
    started_at: requested_at,
    said_at: requested_at,
    state: "runs",
    key_shares: 1000,
    signed: {count: 118, last_at: requested_at},
    refused: [{code: "VALIDATOR_ACTIVE", count: 1}],
    waits: [{code: "CONSENSUS_UNAVAILABLE", since: requested_at, exits: 5}],
    beacon: {state: "unavailable", since: requested_at},
    clock_offset_ms: -4,
    loop_delay_ms: 7,
  },
  [participants.name]: publishedParticipants(),
  [enrolment.name]: anEnrolment(),
  [registration.name]: aRegistration(),
};

/** One of each message, as long as it is in a busy system: a full batch, full messages of 64 exits, a completion for 11 oracles. */
export const exampleMessages = (): ExampleMessage[] =>
  messages.map((message) => {
    const payload = payloads[message.name];
    if (!payload) throw new Error(`bench: there is no example of ${message.name}`);
    return {name: message.name, message: message as Message, payload};
  });
