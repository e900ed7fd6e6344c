import {describe, expect, it} from "vitest";
import type {Message} from "../../../schemas/defineMessage.js";
import type {Deposit} from "../../../schemas/deposit.js";
import type {DepositCompletion} from "../../../schemas/depositCompletion.js";
import type {DepositRefusal} from "../../../schemas/depositRefusal.js";
import type {DepositShare} from "../../../schemas/depositShare.js";
import type {ExitBatch} from "../../../schemas/exitBatch.js";
import type {ExitCompletion} from "../../../schemas/exitCompletion.js";
import type {ExitRefusal} from "../../../schemas/exitRefusal.js";
import type {ExitRequest} from "../../../schemas/exitRequest.js";
import type {ExitShare} from "../../../schemas/exitShare.js";
import type {ExitResult} from "../../../src/exits/completion.js";
import {decode} from "../../../src/messaging/decode.js";

export const publicKey = `0x${"ab".repeat(48)}`;

export const anExitBatch = (change: Partial<ExitBatch> = {}): ExitBatch => ({
  batch_id: "batch-1",
  network: "hoodi",
  operator_id: "vault-1",
  requested_at: 1_700_000_000_000,
  validators: [{public_key: publicKey, validator_index: 42}],
  ...change,
});

export const anExitRequest = (change: Partial<ExitRequest> = {}): ExitRequest => ({
  network: "hoodi",
  cluster_id: "alpha",
  public_key: publicKey,
  requested_at: 1_700_000_000_000,
  voluntary_exit: {epoch: 0, validator_index: 42},
  ...change,
});

export const anExitShare = (change: Partial<ExitShare> = {}): ExitShare => ({
  network: "hoodi",
  cluster_id: "alpha",
  public_key: publicKey,
  validator_index: 42,
  share_index: 3,
  encrypted_signature: `0x${"cd".repeat(97 + 96)}`,
  ...change,
});

export const anExitRefusal = (change: Partial<ExitRefusal> = {}): ExitRefusal => ({
  network: "hoodi",
  cluster_id: "alpha",
  public_key: publicKey,
  validator_index: 42,
  share_index: 3,
  requested_at: 1_700_000_000_000,
  code: "VALIDATOR_ACTIVE",
  reason: "the validator is active_ongoing",
  ...change,
});

export const aDeposit = (change: Partial<Deposit> = {}): Deposit => ({
  vault: `0x${"a1".repeat(20)}`,
  amount: 32_000_000_000,
  validator_type: "0x01",
  ...change,
});

export const aDepositShare = (change: Partial<DepositShare> = {}): DepositShare => ({
  network: "hoodi",
  cluster_id: "alpha",
  public_key: publicKey,
  share_index: 3,
  deposit: aDeposit(),
  signature: `0x${"cd".repeat(96)}`,
  ...change,
});

export const aDepositRefusal = (change: Partial<DepositRefusal> = {}): DepositRefusal => ({
  network: "hoodi",
  cluster_id: "alpha",
  public_key: publicKey,
  share_index: 3,
  deposit: aDeposit(),
  requested_at: 1_700_000_000_000,
  code: "VAULT_NOT_ALLOWED",
  reason: "this sidecar signs no deposits to this vault",
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
const aggregatorSignature = {aggregator_signature: `${"A".repeat(86)}==`};

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

export const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Fields that no message accepts, wherever it has them; each as the JSON text of the value. */
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
  signature: [
    {id: "a signature of 95 bytes", json: JSON.stringify(`0x${"cd".repeat(95)}`)},
    {id: "a signature of 97 bytes", json: JSON.stringify(`0x${"cd".repeat(97)}`)},
    {id: "a signature in base64", json: JSON.stringify(`${"A".repeat(86)}==`)},
  ],
  encrypted_signature: [
    {id: "a ciphertext without a byte of text", json: JSON.stringify(`0x${"cd".repeat(97)}`)},
    {id: "a ciphertext of 513 bytes of text", json: JSON.stringify(`0x${"cd".repeat(97 + 513)}`)},
    {id: "a ciphertext with an odd digit", json: JSON.stringify(`0x${"cd".repeat(193)}c`)},
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

type Valid = {id: string; payload: object};
type Invalid = {id: string; payload?: object; text?: string};

/** The message with the fields named in it, wherever they are, in turn missing and bad, and with fields that it does not know. */
export function invalidOf(payload: object): Invalid[] {
  const text = JSON.stringify(payload);
  const withJson = (name: string, json: string): string =>
    text.replace(new RegExp(`("${name}":)("[^"]*"|[0-9]+|\\[[^\\]]*\\])`), (_, key: string) => key + json);
  return [
    ...Object.keys(payload).map((name) => ({id: `no ${name}`, payload: {...payload, [name]: undefined}})),
    ...Object.entries(badFields)
      .filter(([name]) => text.includes(`"${name}":`))
      .flatMap(([name, rows]) => rows.map(({id, json}) => ({id, text: withJson(name, json)}))),
    {id: "an unknown field", payload: {...payload, extra: 1}},
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
