import {Value} from "typebox/value";
import {describe, expect, it} from "vitest";
import {batchRejection} from "../../../schemas/batchRejection.js";
import {deadLetter} from "../../../schemas/deadLetter.js";
import {depositCompletion} from "../../../schemas/depositCompletion.js";
import {depositRefusal} from "../../../schemas/depositRefusal.js";
import {depositShare} from "../../../schemas/depositShare.js";
import {enrolment} from "../../../schemas/enrolment.js";
import {exitBatch} from "../../../schemas/exitBatch.js";
import {exitCompletion} from "../../../schemas/exitCompletion.js";
import {exitReceipt} from "../../../schemas/exitReceipt.js";
import {exitRefusal} from "../../../schemas/exitRefusal.js";
import {exitRequest} from "../../../schemas/exitRequest.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {networkNames} from "../../../schemas/fields.js";
import {messages} from "../../../schemas/messages.js";
import {participants as published} from "../../../schemas/participants.js";
import {presence} from "../../../schemas/presence.js";
import {registration} from "../../../schemas/registration.js";
import {type ConsumerSpec, consumerSpecs, filtersOf, type StreamSpec, streamSpecs} from "../../../src/messaging/topology.js";
import type {Participants} from "../../../src/participants/participants.js";
import {
  aCompletion,
  aDeposit,
  aDepositCompletion,
  aDepositRefusal,
  aDepositRejection,
  aDepositShare,
  aFullPresence,
  anEnrolment,
  anExitBatch,
  anExitRefusal,
  anExitRequest,
  anExitShare,
  anOrder,
  aPending,
  aPendingOperation,
  aRegistration,
  aRejection,
  publicKey,
} from "../../support/examples/messages.js";
import {publishedParticipants, sidecarsOf, someParticipants} from "../../support/examples/participants.js";
import {pathsIn, pathsOf, type SchemaNode} from "../../support/schemaPaths.js";

const participants = (network: Participants["network"]): Participants =>
  someParticipants({
    network,
    operatorIds: ["vault-1", "vault_2"],
    clusters: [
      {id: "alpha", definition: "", operatorIds: ["vault-1"], sidecars: sidecarsOf([1, 2, 3, 4])},
      {id: "alpha-1", definition: "", operatorIds: ["vault_2"], sidecars: sidecarsOf([5, 123, 900, 1042], 200)},
    ],
  });
const consumers = consumerSpecs(participants("hoodi"), 30_000);
const everybody = networkNames.flatMap((network) => consumerSpecs(participants(network), 30_000));
const streams = streamSpecs(1);
const nameOf = ({config}: ConsumerSpec): string => config.durable_name;

/** Whether a subject could match both filters, token by token: * is any one token, > any rest. */
function overlap([left, ...lefts]: string[], [right, ...rights]: string[]): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (left === ">" || right === ">") return true;
  return (left === right || left === "*" || right === "*") && overlap(lefts, rights);
}
const matches = (filter: string, subject: string): boolean => overlap(filter.split("."), subject.split("."));
const takes = ({config}: ConsumerSpec, subject: string): boolean => filtersOf(config).some((it) => matches(it, subject));

const letter = {
  stream: "EXIT_SHARES",
  subject: "s".repeat(512),
  participant: `sidecar-${"a".repeat(32)}-${Number.MAX_SAFE_INTEGER}`,
  code: "C".repeat(64),
  reason: "\\".repeat(1024),
  deliveries: Number.MAX_SAFE_INTEGER,
  exit: "e".repeat(160),
  count: Number.MAX_SAFE_INTEGER,
  payload_sha256: `0x${"ef".repeat(32)}`,
};
const refusal = {
  network: "mainnet",
  operator_id: "o".repeat(32),
  batch_id: "b".repeat(64),
  code: "C".repeat(64),
  reason: "\\".repeat(1024),
};
const longest = {
  network: "mainnet",
  cluster_id: "c".repeat(32),
  operator_id: "o".repeat(32),
  validator_index: Number.MAX_SAFE_INTEGER,
  share_index: Number.MAX_SAFE_INTEGER,
  requested_at: Number.MAX_SAFE_INTEGER,
} as const;
const {operator_id, cluster_id, validator_index, share_index, requested_at} = longest;
const deposit = aDeposit({amount: Number.MAX_SAFE_INTEGER});
const ciphertext = `0x${"cd".repeat(609)}`;
const many = <T>(item: T): T[] => Array(64).fill(item);
const entry = {public_key: publicKey, validator_index, deposit, rotation: true as const};
const why = {requested_at, code: "C".repeat(64), reason: "\\".repeat(256)};
const [signature = ""] = anExitBatch().order_signatures;
const longestCode = "C".repeat(64);
const longestPresence = aFullPresence({
  network: "mainnet",
  participant: "p".repeat(96),
  role: "aggregator",
  cluster_id,
  share_index,
  version: "\\".repeat(64),
  started_at: requested_at,
  said_at: requested_at,
  state: "stops",
  key_shares: requested_at,
  signed: {count: requested_at, last_at: requested_at},
  refused: Array(16).fill({code: longestCode, count: requested_at}),
  waits: Array(16).fill({code: longestCode, since: requested_at, exits: requested_at}),
  beacon: {state: "unavailable", since: requested_at},
  signer: {state: "unavailable", since: requested_at},
  oracles: {config_hash: `0x${"ef".repeat(32)}`, since: requested_at, source: "chain"},
  keys_left: Array(32).fill({vault: deposit.vault, keys: requested_at}),
  asked_at: requested_at,
  clock_offset_ms: -requested_at,
  loop_delay_ms: requested_at,
});
/** The largest payload that each schema allows. */
const largest = [
  {
    message: exitBatch,
    payload: anExitBatch({
      network: "mainnet",
      operator_id,
      requested_at,
      batch_id: "b".repeat(64),
      validators: Array(1000).fill(entry),
      order_signatures: Array(16).fill(signature),
    }),
  },
  {
    message: exitReceipt,
    payload: {
      network: "mainnet",
      operator_id,
      oracles_config_hash: `0x${"ef".repeat(32)}`,
      exits: many({public_key: publicKey, validator_index}),
    },
  },
  {
    message: exitRequest,
    payload: anExitRequest({
      network: "mainnet",
      cluster_id,
      epoch: validator_index,
      order: anOrder({operator_id, requested_at, entries: many(entry)}),
    }),
  },
  {
    message: exitShare,
    payload: anExitShare({
      network: "mainnet",
      cluster_id,
      share_index,
      exits: many({public_key: publicKey, validator_index}),
      encrypted_signatures: `0x${"cd".repeat(97 + 64 * 96)}`,
    }),
  },
  {
    message: exitRefusal,
    payload: anExitRefusal({
      network: "mainnet",
      cluster_id,
      share_index,
      refusals: many({public_key: publicKey, validator_index, ...why}),
    }),
  },
  {
    message: depositShare,
    payload: aDepositShare({
      network: "mainnet",
      cluster_id,
      share_index,
      deposits: many({public_key: publicKey, deposit, signature: `0x${"cd".repeat(96)}`}),
    }),
  },
  {
    message: depositRefusal,
    payload: aDepositRefusal({
      network: "mainnet",
      cluster_id,
      share_index,
      refusals: many({public_key: publicKey, deposit, ...why}),
    }),
  },
  {message: depositCompletion, payload: aDepositCompletion({operator_id, deposit})},
  {message: depositCompletion, payload: aDepositRejection({operator_id, deposit, requested_at, reason: "\\".repeat(1024)})},
  {
    message: exitCompletion,
    payload: aCompletion({
      operator_id,
      validator_index,
      oracles_exit_signature_shares: {
        public_keys: Array.from({length: 256}, () => publicKey),
        encrypted_exit_signatures: Array.from({length: 256}, () => ciphertext),
      },
    }),
  },
  {message: exitCompletion, payload: aRejection({operator_id, validator_index, reason: "\\".repeat(1024)})},
  {message: batchRejection, payload: refusal},
  {message: deadLetter, payload: letter},
  {message: presence, payload: longestPresence},
  // Its lists are limited by its size alone.
  {message: published, payload: publishedParticipants({network: "mainnet", version: requested_at})},
  {message: enrolment, payload: anEnrolment({network: "mainnet", participant: "p".repeat(96), version: "\\".repeat(64)})},
  {
    message: registration,
    payload: aRegistration({
      network: "mainnet",
      operator_id,
      lease_ms: 600_000,
      pending: aPending({
        nonce: requested_at,
        hashes: Array(16).fill(`0x${"e1".repeat(32)}`),
        max_fee_per_gas: "9".repeat(78),
        max_priority_fee_per_gas: "9".repeat(78),
        deadline: requested_at,
        public_keys: Array(1000).fill(publicKey),
      }),
      operation: aPendingOperation({
        nonce: requested_at,
        hashes: Array(16).fill(`0x${"e1".repeat(32)}`),
        max_fee_per_gas: "9".repeat(78),
        max_priority_fee_per_gas: "9".repeat(78),
      }),
    }),
  },
].map(({message, payload}) => ({name: message.name, message, payload, subject: message.subject(payload as never)}));

describe("streamSpecs", () => {
  it("are tested with every message's largest payload", () => {
    expect(new Set(largest.map(({name}) => name))).toEqual(new Set(messages.map(({name}) => name)));
  });

  it.each(messages.map(({name, schema}) => ({name, schema})))(
    "are tested with every field of the largest $name, optional ones too",
    ({name, schema}) => {
      const payloads = largest.filter((it) => it.name === name).map(({payload}) => payload);
      for (const payload of payloads) expect([...Value.Errors(schema, payload)]).toEqual([]);
      expect([...new Set(payloads.flatMap((payload) => pathsIn(payload)))].sort()).toEqual(pathsOf(schema as SchemaNode).sort());
    },
  );

  it.each(largest)("have one stream for $name, its own", ({message, subject}) => {
    const taking = streams.filter(({subjects}) => subjects.some((it) => matches(it, subject)));
    expect(taking.map(({name}) => name)).toEqual([message.stream]);
  });

  it.each(largest)("have room for the largest $name", ({message, payload}) => {
    const {max_msg_size} = streams.find(({name}) => name === message.stream) as StreamSpec;
    expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThanOrEqual(message.maxBytes);
    expect(message.maxBytes).toBeLessThanOrEqual(max_msg_size as number);
  });

  it("have no subject in two streams", () => {
    const pairs = streams.flatMap((one, position) =>
      streams.slice(position + 1).flatMap((two) => one.subjects.flatMap((a) => two.subjects.filter((b) => matches(a, b)))),
    );
    expect(pairs).toEqual([]);
  });

  it("limit a flooding sender on its own subject of both work queues, and only there", () => {
    const queues = streams.filter(({retention}) => retention === "workqueue");
    expect(queues.map(({name}) => name)).toEqual(["REQUESTS", "EXIT_SHARES"]);
    for (const queue of queues) expect(queue).toMatchObject({discard: "new", discard_new_per_subject: true});
  });

  it.each([
    {stream: "REQUESTS", sender: "an operator", subjects: 2, mib: 125},
    {stream: "EXIT_SHARES", sender: "a sidecar", subjects: 4, mib: 320},
  ])("keep at most $mib MiB of $sender on $stream", ({stream, subjects, mib}) => {
    const spec = streams.find(({name}) => name === stream) as StreamSpec;
    expect(spec.subjects).toHaveLength(subjects);
    expect(((spec.max_msgs_per_subject as number) * (spec.max_msg_size as number) * subjects) / 2 ** 20).toBe(mib);
  });

  it.each(["EXIT_REQUESTS", "COMPLETIONS", "PRESENCE", "PARTICIPANTS"])("keep the last message of a subject on %s", (wanted) => {
    expect(streams.find(({name}) => name === wanted)).toMatchObject({
      retention: "limits",
      max_msgs_per_subject: 1,
      discard: "old",
    });
  });

  it("keep the first enrolment of an invitation, and refuse a second", () => {
    expect(streams.find(({name}) => name === "ENROLMENTS")).toMatchObject({
      retention: "limits",
      max_msgs_per_subject: 1,
      discard: "new",
      discard_new_per_subject: true,
    });
  });

  it("keep what each operator said last of a vault, and refuse another vault once there are 1000", () => {
    expect(streams.find(({name}) => name === "REGISTRATIONS")).toMatchObject({
      retention: "limits",
      max_msgs_per_subject: 1,
      max_msgs: 1000,
      discard: "new",
    });
  });

  it("allow a time to live on exit requests only", () => {
    expect(streams.filter(({allow_msg_ttl}) => allow_msg_ttl).map(({name}) => name)).toEqual(["EXIT_REQUESTS"]);
  });

  it.each([1, 3])("keep %i replicas of every stream on disk", (replicas) => {
    expect(streamSpecs(replicas).map(({num_replicas, storage}) => ({num_replicas, storage}))).toEqual(
      streams.map(() => ({num_replicas: replicas, storage: "file"})),
    );
  });
});

it("leave the replicas open if no number is given", () => {
  for (const spec of streamSpecs()) expect(spec).not.toHaveProperty("num_replicas");
});

describe("consumerSpecs", () => {
  it("have a durable consumer for each operator and sidecar, and for each sender of relayer and aggregator", () => {
    expect(consumers.map(({stream, config}) => `${stream} ${config.durable_name}`)).toEqual([
      "REQUESTS relayer-hoodi-vault-1",
      "REQUESTS relayer-hoodi-vault_2",
      ...[1, 2, 3, 4].map((it) => `EXIT_REQUESTS sidecar-alpha-${it}`),
      ...[5, 123, 900, 1042].map((it) => `EXIT_REQUESTS sidecar-alpha-1-${it}`),
      ...[1, 2, 3, 4].map((it) => `EXIT_SHARES aggregator-hoodi-alpha-${it}`),
      ...[5, 123, 900, 1042].map((it) => `EXIT_SHARES aggregator-hoodi-alpha-1-${it}`),
      "COMPLETIONS operator-vault-1",
      "COMPLETIONS operator-vault_2",
    ]);
  });

  it("have names that NATS accepts", () => {
    expect(everybody.map(nameOf).filter((name) => !/^[A-Za-z0-9_-]+$/.test(name))).toEqual([]);
  });

  it("ack every message explicitly, and redeliver it without limit", () => {
    for (const {config} of consumers) {
      expect(config).toMatchObject({ack_policy: "explicit", deliver_policy: "all", max_deliver: -1, ack_wait: 30_000 * 1e6});
    }
  });

  it("never have overlapping filters on a work queue, on all networks together", () => {
    const queues = streams.filter(({retention}) => retention === "workqueue").map(({name}) => name);
    const readers = everybody.filter(({stream}) => queues.includes(stream));
    const clashes = readers.flatMap((one, position) =>
      readers
        .slice(position + 1)
        .filter(({stream}) => stream === one.stream)
        .filter(({config}) => filtersOf(config).some((filter) => takes(one, filter)))
        .map((two) => `${nameOf(one)} and ${nameOf(two)}`),
    );
    expect(readers).toHaveLength(networkNames.length * (2 + 8));
    expect(clashes).toEqual([]);
  });

  const readersOf = (subject: string): string[] => everybody.filter((consumer) => takes(consumer, subject)).map(nameOf);
  it.each([
    {id: "a batch", subject: exitBatch.subject(anExitBatch()), readers: ["relayer-hoodi-vault-1"]},
    {id: "a receipt", subject: "dvt.v2.receipts.hoodi.vault-1", readers: ["relayer-hoodi-vault-1"]},
    {
      id: "a request",
      subject: exitRequest.subject(anExitRequest()),
      readers: ["sidecar-alpha-1", "sidecar-alpha-2", "sidecar-alpha-3", "sidecar-alpha-4"],
    },
    {id: "a share", subject: exitShare.subject(anExitShare()), readers: ["aggregator-hoodi-alpha-3"]},
    {id: "a refusal", subject: exitRefusal.subject(anExitRefusal()), readers: ["aggregator-hoodi-alpha-3"]},
    {id: "a completion", subject: exitCompletion.subject(aCompletion()), readers: ["operator-vault-1"]},
    {id: "a deposit's share", subject: depositShare.subject(aDepositShare()), readers: ["aggregator-hoodi-alpha-3"]},
    {id: "a deposit's refusal", subject: depositRefusal.subject(aDepositRefusal()), readers: ["aggregator-hoodi-alpha-3"]},
    {id: "a signed deposit", subject: depositCompletion.subject(aDepositCompletion()), readers: ["operator-vault-1"]},
    {
      id: "a rejected batch",
      subject: batchRejection.subject({network: "hoodi", operator_id: "vault-1", batch_id: "b", code: "C", reason: ""}),
      readers: ["operator-vault-1"],
    },
    {id: "a request to an unknown cluster", subject: exitRequest.subject(anExitRequest({cluster_id: "beta"})), readers: []},
  ])("delivers $id to $readers", ({subject, readers}) => {
    expect(readersOf(subject)).toEqual(readers);
  });
});
