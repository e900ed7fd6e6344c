import {describe, expect, it} from "vitest";
import type {Answer} from "../../../schemas/answer.js";
import type {Message} from "../../../schemas/defineMessage.js";
import type {Deposit} from "../../../schemas/deposit.js";
import type {DepositCompletion} from "../../../schemas/depositCompletion.js";
import type {DepositRefusal} from "../../../schemas/depositRefusal.js";
import type {DepositShare} from "../../../schemas/depositShare.js";
import type {Enrolment} from "../../../schemas/enrolment.js";
import type {ExitBatch} from "../../../schemas/exitBatch.js";
import type {ExitCompletion} from "../../../schemas/exitCompletion.js";
import type {ExitRefusal} from "../../../schemas/exitRefusal.js";
import type {ExitRequest} from "../../../schemas/exitRequest.js";
import type {ExitShare} from "../../../schemas/exitShare.js";
import type {Order} from "../../../schemas/order.js";
import type {Presence} from "../../../schemas/presence.js";
import type {Query} from "../../../schemas/query.js";
import type {Registration} from "../../../schemas/registration.js";
import type {ExitResult} from "../../../src/exits/completion.js";
import {decode} from "../../../src/messaging/decode.js";

export const publicKey = `0x${"ab".repeat(48)}`;

export const aSignature = `${"A".repeat(86)}==`;

export const anExitBatch = (change: Partial<ExitBatch> = {}): ExitBatch => ({
  batch_id: "batch-1",
  network: "hoodi",
  operator_id: "vault-1",
  requested_at: 1_700_000_000_000,
  validators: [{public_key: publicKey, validator_index: 42}],
  order_signatures: [aSignature],
  ...change,
});

export const anOrder = (change: Partial<Order> = {}): Order => ({
  operator_id: "vault-1",
  requested_at: 1_700_000_000_000,
  entries: [{public_key: publicKey, validator_index: 42}],
  signature: aSignature,
  ...change,
});

export const anExitRequest = (change: Partial<ExitRequest> = {}): ExitRequest => ({
  network: "hoodi",
  cluster_id: "alpha",
  order_id: `0x${"0d".repeat(32)}`,
  epoch: 0,
  order: anOrder(),
  ...change,
});

const aSidecar = {network: "hoodi", cluster_id: "alpha", share_index: 3} as const;

export const anExitShare = (change: Partial<ExitShare> = {}): ExitShare => ({
  ...aSidecar,
  exits: [{public_key: publicKey, validator_index: 42}],
  encrypted_signatures: `0x${"cd".repeat(97 + 96)}`,
  ...change,
});

export const aRefusedExit = (change: Partial<ExitRefusal["refusals"][number]> = {}): ExitRefusal["refusals"][number] => ({
  public_key: publicKey,
  validator_index: 42,
  requested_at: 1_700_000_000_000,
  code: "VALIDATOR_ACTIVE",
  reason: "the validator is active_ongoing",
  ...change,
});

export const anExitRefusal = (change: Partial<ExitRefusal> = {}): ExitRefusal => ({
  ...aSidecar,
  refusals: [aRefusedExit()],
  ...change,
});

export const aDeposit = (change: Partial<Deposit> = {}): Deposit => ({
  vault: `0x${"a1".repeat(20)}`,
  amount: 32_000_000_000,
  validator_type: "0x01",
  ...change,
});

export const aDepositShare = (change: Partial<DepositShare> = {}): DepositShare => ({
  ...aSidecar,
  deposits: [{public_key: publicKey, deposit: aDeposit(), signature: `0x${"cd".repeat(96)}`}],
  ...change,
});

export const aRefusedDeposit = (
  change: Partial<DepositRefusal["refusals"][number]> = {},
): DepositRefusal["refusals"][number] => ({
  public_key: publicKey,
  deposit: aDeposit(),
  requested_at: 1_700_000_000_000,
  code: "VAULT_NOT_ALLOWED",
  reason: "this sidecar signs no deposits to this vault",
  ...change,
});

export const aDepositRefusal = (change: Partial<DepositRefusal> = {}): DepositRefusal => ({
  ...aSidecar,
  refusals: [aRefusedDeposit()],
  ...change,
});

const toAcme = {network: "hoodi", operator_id: "vault-1", public_key: publicKey} as const;

export const aDepositCompletion = (change: object = {}): DepositCompletion => ({
  ...toAcme,
  deposit: aDeposit(),
  status: "completed",
  signature: `0x${"cd".repeat(96)}`,
  ...change,
});

export const aDepositRejection = (change: object = {}): DepositCompletion => ({
  ...toAcme,
  deposit: aDeposit(),
  status: "rejected",
  requested_at: 1_700_000_000_000,
  code: "DEPOSIT_EXPIRED",
  reason: "too few sidecars signed",
  ...change,
});

const exit = {network: "hoodi", operator_id: "vault-1", public_key: publicKey, validator_index: 42} as const;

const shards = {public_keys: [publicKey], encrypted_exit_signatures: [`0x${"cd".repeat(97 + 96)}`]};
const aggregatorSignature = {aggregator_signature: aSignature};

/** As it is stored: it fits, and nothing in it holds. */
export const aResult: ExitResult = {...shards, ...aggregatorSignature};

export const aCompletion = (change: object = {}): ExitCompletion => ({
  ...exit,
  status: "completed",
  oracles_config_hash: `0x${"ef".repeat(32)}`,
  oracles_exit_signature_shares: shards,
  ...aggregatorSignature,
  ...change,
});

export const aRejection = (change: object = {}): ExitCompletion => ({
  ...exit,
  status: "rejected",
  requested_at: 1_700_000_000_000,
  code: "EXIT_EXPIRED",
  reason: "too few sidecars signed",
  ...change,
});

/** The shortest that fits. */
export const aPresence = (change: Partial<Presence> = {}): Presence => ({
  network: "hoodi",
  participant: "sidecar-alpha-3",
  instance: "0a1b2c3d",
  role: "sidecar",
  version: "0.1.0",
  started_at: 1_700_000_000_000,
  said_at: 1_700_000_000_000,
  state: "runs",
  refused: [],
  waits: [],
  loop_delay_ms: 2,
  ...change,
});

/** One with every field. */
export const aFullPresence = (change: Partial<Presence> = {}): Presence =>
  aPresence({
    cluster_id: "alpha",
    share_index: 3,
    key_shares: 5,
    signed: {count: 7, last_at: 1_700_000_000_000},
    refused: [{code: "VALIDATOR_ACTIVE", count: 1}],
    waits: [{code: "CONSENSUS_UNAVAILABLE", since: 1_700_000_000_000, exits: 2}],
    beacon: {state: "unavailable", since: 1_700_000_000_000},
    signer: {state: "ok", since: 1_700_000_000_000},
    oracles: {config_hash: `0x${"ef".repeat(32)}`, since: 1_700_000_000_000, source: "chain"},
    keys_left: [{vault: `0x${"a1".repeat(20)}`, keys: 9}],
    asked_at: 1_700_000_000_000,
    clock_offset_ms: -3,
    ...change,
  });

const anAsker = {network: "hoodi", participant: "viewer-v-1"} as const;

/** One with every field. */
export const anEnrolment = (change: Partial<Enrolment> = {}): Enrolment => ({
  network: "hoodi",
  invitation: "0a".repeat(16),
  participant: "sidecar-alpha-3",
  nkey: `U${"A".repeat(55)}`,
  version: "0.1.0",
  proof: {public_key: publicKey, signature: `0x${"cd".repeat(96)}`},
  ...change,
});

const aSentTransaction = {
  wallet: `0x${"b2".repeat(20)}`,
  nonce: 7,
  hashes: [`0x${"e1".repeat(32)}`],
  max_fee_per_gas: "42000000000",
  max_priority_fee_per_gas: "1000000000",
};

export const aPending = (change: Partial<NonNullable<Registration["pending"]>> = {}): NonNullable<Registration["pending"]> => ({
  ...aSentTransaction,
  deposit_root: `0x${"d7".repeat(32)}`,
  deadline: 1_700_000_600,
  public_keys: [publicKey],
  ...change,
});

export const aPendingOperation = (
  change: Partial<NonNullable<Registration["operation"]>> = {},
): NonNullable<Registration["operation"]> => ({
  ...aSentTransaction,
  manager_nonce: `0x${"05".padStart(64, "0")}`,
  ...change,
});

export const aRegistration = (change: Partial<Registration> = {}): Registration => ({
  network: "hoodi",
  operator_id: "vault-1",
  vault: `0x${"a1".repeat(20)}`,
  process: "0a".repeat(16),
  lease_ms: 60_000,
  pending: aPending(),
  operation: aPendingOperation(),
  ...change,
});

export const aQuery = (question: Query["question"] = {kind: "status"}): Query => ({
  ...anAsker,
  nonce: "0a".repeat(16),
  question,
});

export const anAnswer = (reply: Answer["reply"] = {kind: "exit"}): Answer => ({
  ...anAsker,
  query: `0x${"1b".repeat(32)}`,
  reply,
});

export const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Values that no message accepts in a field of this name; each as its JSON text. */
export const badFields: Record<string, {id: string; json: string}[]> = {
  network: [
    {id: "an unknown network", json: '"holesky"'},
    {id: "a network in upper case", json: '"HOODI"'},
    {id: "a list for a network", json: '["hoodi"]'},
  ],
  operator_id: badIds("operator"),
  cluster_id: badIds("cluster"),
  public_key: [
    {id: "a key of 47 bytes", json: JSON.stringify(`0x${"ab".repeat(47)}`)},
    {id: "a key of 49 bytes", json: JSON.stringify(`0x${"ab".repeat(49)}`)},
    {id: "a key without 0x", json: JSON.stringify("ab".repeat(49))},
    {id: "a key after 0X", json: JSON.stringify(`0X${"ab".repeat(48)}`)},
    {id: "a key that is not hex", json: JSON.stringify(`0x${"zz".repeat(48)}`)},
    {id: "a key with a newline", json: JSON.stringify(`${publicKey}\n`)},
    {id: "a key with a token after it", json: JSON.stringify(`${publicKey}.>`)},
  ],
  validator_index: badIntegers("validator_index"),
  requested_at: badIntegers("requested_at"),
  epoch: badIntegers("epoch"),
  share_index: [{id: "share_index 0", json: "0"}, ...badIntegers("share_index")],
  vault: [
    {id: "a vault of 19 bytes", json: JSON.stringify(`0x${"ab".repeat(19)}`)},
    {id: "a vault of 21 bytes", json: JSON.stringify(`0x${"ab".repeat(21)}`)},
    {id: "a vault of 32 bytes", json: JSON.stringify(`0x${"ab".repeat(32)}`)},
    {id: "a vault without 0x", json: JSON.stringify("ab".repeat(21))},
    {id: "a vault with a token after it", json: JSON.stringify(`0x${"ab".repeat(20)}.>`)},
    {id: "a vault of null", json: "null"},
  ],
  amount: badIntegers("amount"),
  validator_type: [
    {id: "a validator_type of BLS credentials", json: '"0x00"'},
    {id: "a validator_type of 3", json: '"0x03"'},
    {id: "a validator_type that is a number", json: "1"},
  ],
  order_id: [
    {id: "an order_id of 31 bytes", json: JSON.stringify(`0x${"0d".repeat(31)}`)},
    {id: "an order_id of 33 bytes", json: JSON.stringify(`0x${"0d".repeat(33)}`)},
    {id: "an order_id without 0x", json: JSON.stringify("0d".repeat(33))},
    {id: "an order_id that is not hex", json: JSON.stringify(`0x${"zz".repeat(32)}`)},
    {id: "an order_id with a token after it", json: JSON.stringify(`0x${"0d".repeat(32)}.>`)},
    {id: "an order_id of null", json: "null"},
  ],
  wallet: badHex("wallet", 20),
  deposit_root: badHex("deposit_root", 32),
  nonce: badIntegers("nonce"),
  deadline: badIntegers("deadline"),
  lease_ms: badIntegers("lease_ms"),
  max_fee_per_gas: badWei("max_fee_per_gas"),
  max_priority_fee_per_gas: badWei("max_priority_fee_per_gas"),
  pending: badObjects("pending"),
  order: badObjects("order"),
  deposit: badObjects("deposit"),
  rotation: [
    {id: "a rotation that is false", json: "false"},
    {id: "a rotation that is 1", json: "1"},
  ],
  signature: [
    {id: "a signature of 95 bytes", json: JSON.stringify(`0x${"cd".repeat(95)}`)},
    {id: "a signature of 97 bytes", json: JSON.stringify(`0x${"cd".repeat(97)}`)},
    {id: "a signature of 63 bytes in base64", json: JSON.stringify(`${"A".repeat(84)}`)},
    {id: "a signature of null", json: "null"},
  ],
  encrypted_signatures: [
    {id: "a ciphertext of less than one signature share", json: JSON.stringify(`0x${"cd".repeat(97 + 95)}`)},
    {id: "a ciphertext of more than 64 signature shares", json: JSON.stringify(`0x${"cd".repeat(97 + 64 * 96 + 1)}`)},
    {id: "a ciphertext with an odd digit", json: JSON.stringify(`0x${"cd".repeat(193)}c`)},
    {id: "a list of ciphertexts", json: JSON.stringify([`0x${"cd".repeat(193)}`])},
  ],
};

function badIds(what: string): {id: string; json: string}[] {
  return [
    {id: `a ${what} id with a dot`, json: '"al.pha"'},
    {id: `a ${what} id in upper case`, json: '"Alpha"'},
    {id: `a ${what} id with a wildcard`, json: '"*"'},
    {id: `a ${what} id with a space`, json: '"al pha"'},
    {id: `an empty ${what} id`, json: '""'},
    {id: `a ${what} id of 33 characters`, json: JSON.stringify("a".repeat(33))},
    {id: `a number for a ${what} id`, json: "7"},
  ];
}

function badIntegers(name: string): {id: string; json: string}[] {
  return [
    {id: `a negative ${name}`, json: "-1"},
    {id: `a fractional ${name}`, json: "42.5"},
    {id: `a ${name} above 2^53 - 1`, json: "9007199254740992"},
    {id: `a ${name} in quotes`, json: '"42"'},
    {id: `a ${name} of 1e400`, json: "1e400"},
    {id: `a ${name} of NaN`, json: "NaN"},
    {id: `a ${name} of null`, json: "null"},
    {id: `a ${name} of true`, json: "true"},
    {id: `a ${name} of []`, json: "[]"},
  ];
}

function badHex(name: string, bytes: number): {id: string; json: string}[] {
  return [
    {id: `a ${name} of ${bytes - 1} bytes`, json: JSON.stringify(`0x${"ab".repeat(bytes - 1)}`)},
    {id: `a ${name} of ${bytes + 1} bytes`, json: JSON.stringify(`0x${"ab".repeat(bytes + 1)}`)},
    {id: `a ${name} without 0x`, json: JSON.stringify("ab".repeat(bytes + 1))},
    {id: `a ${name} that is not hex`, json: JSON.stringify(`0x${"zz".repeat(bytes)}`)},
    {id: `a ${name} of null`, json: "null"},
  ];
}

function badWei(name: string): {id: string; json: string}[] {
  return [
    {id: `a negative ${name}`, json: '"-1"'},
    {id: `a fractional ${name}`, json: '"1.5"'},
    {id: `a ${name} in hex`, json: '"0x1"'},
    {id: `a ${name} that begins with 0`, json: '"01"'},
    {id: `a ${name} of 79 digits`, json: JSON.stringify("9".repeat(79))},
    {id: `an empty ${name}`, json: '""'},
    {id: `a ${name} that is a number`, json: "1"},
  ];
}

function badObjects(name: string): {id: string; json: string}[] {
  return [
    {id: `no ${name} but null`, json: "null"},
    {id: `an ${name} of []`, json: "[]"},
    {id: `an ${name} of {}`, json: "{}"},
    {id: `a number for an ${name}`, json: "7"},
  ];
}

/** The most items that each list may have. */
const mostItems: Record<string, number> = {
  validators: 1000,
  order_signatures: 16,
  entries: 64,
  exits: 64,
  deposits: 64,
  refusals: 64,
  public_keys: 256,
  encrypted_exit_signatures: 256,
  hashes: 16,
};

function badLists(name: string, [first]: readonly unknown[], most: number): {id: string; json: string}[] {
  const item = JSON.stringify(first);
  return [
    {id: `no ${name}`, json: "[]"},
    {
      id: `${most + 1} ${name}`,
      json: `[${Array(most + 1)
        .fill(item)
        .join()}]`,
    },
    {id: `${name} that are not in a list`, json: item},
    {id: `${name} in a list in a list`, json: `[[${item}]]`},
    {id: `${name} by position`, json: `{"0":${item},"length":1}`},
    ...["null", "7", '""', "{}", "[]"].map((bad) => ({id: `${bad} among the ${name}`, json: `[${item},${bad}]`})),
    {id: `${name} of null`, json: "null"},
  ];
}

/** The payload with each of its objects, at any depth, changed in turn. */
function withEachObject(value: unknown, change: (object: object) => {id: string; payload: object}[], at = ""): Invalid[] {
  if (Array.isArray(value))
    return value.flatMap((item, position) =>
      withEachObject(item, change, `${at}[]`).map((it) => ({...it, payload: value.with(position, it.payload)})),
    );
  if (typeof value !== "object" || value === null) return [];
  return [
    ...change(value).map(({id, payload}) => ({id: at === "" ? id : `${id} in ${at}`, payload})),
    ...Object.entries(value).flatMap(([name, field]) =>
      withEachObject(field, change, at === "" ? name : `${at}.${name}`).map((it) => ({
        ...it,
        payload: {...value, [name]: it.payload},
      })),
    ),
  ];
}

/** The values of a payload by the names of their fields, at any depth; of those with one name, the first. */
function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) return {};
  const below = Object.values(value).map(fieldsOf);
  return Object.assign({}, ...below.reverse(), Array.isArray(value) ? {} : value);
}

type Valid = {id: string; payload: object};
type Invalid = {id: string; payload?: object; text?: string};

/**
 * The message with each field in it, at any depth, in turn missing and bad, and with fields that it does not know. `most`: of lists that are
 * longer in this message than in others.
 */
export function invalidOf(payload: object, most: Record<string, number> = {}): Invalid[] {
  const limits = {...mostItems, ...most};
  const text = JSON.stringify(payload);
  const fields = fieldsOf(payload);
  const withJson = (name: string, json: string): string => {
    const marked = JSON.stringify(payload, (key, value) => (key === name ? "(bad)" : value));
    return marked.replace('"(bad)"', () => json).replaceAll('"(bad)"', JSON.stringify(fields[name]));
  };
  const bad = (rows: Record<string, {id: string; json: string}[]>): Invalid[] =>
    Object.entries(rows).flatMap(([name, its]) => its.map(({id, json}) => ({id, text: withJson(name, json)})));
  const known = (name: string): boolean => name in fields;
  return [
    ...withEachObject(payload, (object) =>
      Object.keys(object).map((name) => ({id: `no ${name}`, payload: {...object, [name]: undefined}})),
    ),
    ...bad(Object.fromEntries(Object.entries(badFields).filter(([name]) => known(name)))),
    ...bad(
      Object.fromEntries(
        Object.entries(limits)
          .filter(([it]) => Array.isArray(fields[it]))
          .map(([it, limit]) => [it, badLists(it, fields[it] as unknown[], limit)]),
      ),
    ),
    ...withEachObject(payload, (object) => [{id: "an unknown field", payload: {...object, extra: 1}}]),
    {id: "a field __proto__", text: text.replace("{", '{"__proto__":{},')},
    {id: "a field constructor", text: text.replace("{", '{"constructor":1,')},
  ];
}

/** Runs a message's tables of what is valid and what is not. */
export function describeMessage(message: Message, {valid, invalid}: {valid: Valid[]; invalid: Invalid[]}): void {
  const subject = message.subject(valid[0]?.payload);

  describe(message.name, () => {
    it.each(valid)("is read with $id", ({payload}) => {
      expect(decode(message, message.subject(payload), toBytes(JSON.stringify(payload)))).toEqual(payload);
    });

    it.each(invalid)("is refused with $id", ({payload, text}) => {
      expect(() => decode(message, subject, toBytes(text ?? JSON.stringify(payload)))).toThrow(
        expect.objectContaining({code: "MESSAGE_MALFORMED"}),
      );
    });
  });
}
