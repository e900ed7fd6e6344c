import {describe, expect, it} from "vitest";
import {batchRejection} from "../../../schemas/batchRejection.js";
import type {Message} from "../../../schemas/defineMessage.js";
import {exitCompletion, type OraclesExitSignatureShares} from "../../../schemas/exitCompletion.js";
import {createAwaitedExits} from "../../../src/client/awaitedExits.js";
import {handleCompletion} from "../../../src/client/handleCompletion.js";
import {networks} from "../../../src/consensus/networks.js";
import {resultContent} from "../../../src/exits/completion.js";
import {type ExitId, exitKeyOf} from "../../../src/exits/exitId.js";
import {createSeed, toIdentity} from "../../../src/messaging/identity.js";
import {fixedOracles} from "../../../src/oracles/liveOracles.js";
import {toOracleSet} from "../../../src/oracles/oracleSet.js";
import {toHex} from "../../../src/runtime/hex.js";
import {createThrottledLog} from "../../../src/runtime/throttledLog.js";
import {aSecretKey} from "../../support/examples/keys.js";
import {oracleSet, split} from "../../support/examples/split.js";
import {aLogger} from "../../support/logger.js";

const network = networks.hoodi;
const keys = [aSecretKey("first"), aSecretKey("second")];
const exits = keys.map(
  (key, position): ExitId => ({network, publicKey: toHex(key.toPublicKey().toBytes()), validatorIndex: 40 + position}),
);
const [exit, other] = exits as [ExitId, ExitId];
const result = split(keys[0] as (typeof keys)[number], exit.validatorIndex);

const requestedAt = 1_700_000_000_000;
const aggregator = toIdentity("aggregator", createSeed().seed);
const signed = (shares: OraclesExitSignatureShares, {by = aggregator, of = exit, hash = oracleSet.configHash} = {}): string =>
  Buffer.from(by.sign("exitResult", resultContent(of, hash, shares))).toString("base64");

const setUp = () => {
  const awaited = createAwaitedExits(exits);
  const requestedAtOf = new Map(exits.map((it) => [exitKeyOf(it), requestedAt]));
  const answers = {
    network,
    oracles: fixedOracles(oracleSet),
    awaited,
    batches: new Map([["batch-1", {exits, requestedAt}]]),
    publicKeys: new Map(keys.map((key, position) => [exits[position]?.publicKey ?? "", key.toPublicKey()])),
    requestedAtOf,
    aggregatorNkey: aggregator.nkey,
    forOtherSet: createThrottledLog(aLogger().logger, ""),
  };
  const read = (message: Message, payload: object): string => {
    const data = new TextEncoder().encode(JSON.stringify(payload));
    return handleCompletion(answers, {subject: message.subject(payload), data, timestampMs: 0});
  };
  return {
    awaited,
    /** Orders all exits again at this time. */
    orderAgain: (at: number) => {
      for (const it of awaited.takeExpired()) requestedAtOf.set(exitKeyOf(it), at);
    },
    complete: (change: object = {}) => read(exitCompletion as Message, {...completion, ...change}),
    rejectBatch: (change: object = {}) => read(batchRejection as Message, {...rejection, ...change}),
  };
};
const about = {network: "hoodi", operator_id: "vault-1", public_key: exit.publicKey, validator_index: exit.validatorIndex};
const completion = {
  ...about,
  status: "completed",
  oracles_config_hash: oracleSet.configHash,
  oracles_exit_signature_shares: result,
  aggregator_signature: signed(result),
};
const rejected = {
  oracles_config_hash: undefined,
  oracles_exit_signature_shares: undefined,
  aggregator_signature: undefined,
  status: "rejected",
};
const rejection = {
  network: "hoodi",
  operator_id: "vault-1",
  batch_id: "batch-1",
  code: "PUBLIC_KEY_REPEATED",
  reason: "a key appears twice",
};

describe("handleCompletion", () => {
  it("takes a completion of a requested exit", () => {
    const {awaited, complete} = setUp();
    expect(complete()).toBe("completed");
    expect(awaited.outcome()).toEqual({
      completed: [{exit, oraclesConfigHash: oracleSet.configHash, result}],
      rejected: [],
      missing: [other],
    });
  });

  it("takes it once", () => {
    const {complete} = setUp();
    expect([complete(), complete()]).toEqual(["completed", "not awaited"]);
  });

  it("takes a rejection with its reason", () => {
    const {awaited, complete} = setUp();
    expect(complete({...rejected, requested_at: requestedAt, code: "EXIT_EXPIRED", reason: "too few signed"})).toBe("rejected");
    expect(awaited.outcome().rejected).toEqual([{exit, code: "EXIT_EXPIRED", reason: "too few signed"}]);
  });

  it.each([
    {id: "an earlier", requested_at: requestedAt - 1},
    {id: "a later", requested_at: requestedAt + 1},
  ])("ignores a rejection of $id request, which anybody on the bus could replay", ({requested_at}) => {
    const {awaited, complete} = setUp();
    expect(complete({...rejected, requested_at, code: "EXIT_EXPIRED", reason: "too few signed"})).toBe("stale");
    expect(awaited.unanswered()).toEqual(exits);
  });

  it.each([
    {id: "nobody", signature: `${"A".repeat(86)}==`},
    {id: "somebody else", signature: signed(result, {by: toIdentity("relayer", createSeed().seed)})},
    {id: "the aggregator for another exit", signature: signed(result, {of: other})},
    {id: "the aggregator for another oracle set", signature: signed(result, {hash: `0x${"11".repeat(32)}`})},
    {id: "the aggregator for other shards", signature: signed({...result, public_keys: result.public_keys.toReversed()})},
  ])("rejects a completion whose result was signed by $id", ({signature}) => {
    const {awaited, complete} = setUp();
    expect(() => complete({aggregator_signature: signature})).toThrow(expect.objectContaining({code: "COMPLETION_INVALID"}));
    expect(awaited.unanswered()).toEqual(exits);
  });

  it.each([
    {id: "another index", change: {validator_index: 7}},
    {id: "another key", change: {public_key: toHex(aSecretKey("third").toPublicKey().toBytes())}},
    {id: "another network", change: {network: "gnosis"}},
  ])("ignores a completion of $id", ({change}) => {
    const {awaited, complete} = setUp();
    expect(complete(change)).toBe("not awaited");
    expect(awaited.unanswered()).toEqual(exits);
  });

  it("continues to wait if a completion is for another oracle set", () => {
    const {awaited, complete} = setUp();
    expect(complete({oracles_config_hash: toOracleSet(oracleSet.publicKeys, 2).configHash})).toBe("other oracle set");
    expect(awaited.unanswered()).toEqual(exits);
  });

  const {public_keys, encrypted_exit_signatures} = result;
  const stranger = toHex(aSecretKey("a stranger").toPublicKey().toBytes());
  it.each([
    {
      id: "a shard too few",
      shares: {public_keys: public_keys.slice(0, 4), encrypted_exit_signatures: encrypted_exit_signatures.slice(0, 4)},
    },
    {id: "a public key shard too few", shares: {public_keys: public_keys.slice(0, 4), encrypted_exit_signatures}},
    {id: "an encrypted shard too few", shares: {public_keys, encrypted_exit_signatures: encrypted_exit_signatures.slice(0, 4)}},
    {id: "only the last public key shard false", shares: {public_keys: public_keys.with(4, stranger), encrypted_exit_signatures}},
    {
      id: "a public key shard that is not a point",
      shares: {public_keys: public_keys.with(4, `0x${"00".repeat(48)}`), encrypted_exit_signatures},
    },
    {id: "the shards in another order", shares: {public_keys: public_keys.toReversed(), encrypted_exit_signatures}},
    {id: "the shards of another validator", shares: split(keys[1] as (typeof keys)[number], 40)},
    {id: "a split that needs more oracles", shares: split(keys[0] as (typeof keys)[number], 40, {...oracleSet, threshold: 4})},
  ])("rejects $id with COMPLETION_INVALID, and continues to wait", ({shares}) => {
    const {awaited, complete} = setUp();
    expect(() => complete({oracles_exit_signature_shares: shares, aggregator_signature: signed(shares)})).toThrow(
      expect.objectContaining({code: "COMPLETION_INVALID"}),
    );
    expect(awaited.unanswered()).toEqual(exits);
  });

  it("applies a batch's rejection to all of its exits that are not answered", () => {
    const {awaited, complete, rejectBatch} = setUp();
    complete();
    expect(rejectBatch()).toBe("batch rejected");
    const {completed, rejected, missing} = awaited.outcome();
    expect(completed.map((it) => it.exit)).toEqual([exit]);
    expect(rejected).toEqual([{exit: other, code: rejection.code, reason: rejection.reason}]);
    expect(missing).toEqual([]);
  });

  const expired = {...rejected, requested_at: requestedAt, code: "ORDER_EXPIRED", reason: "it is too old"};

  it("continues to wait for an exit whose order has expired, and ignores that order's rejections once it is ordered again", () => {
    const {awaited, complete, rejectBatch, orderAgain} = setUp();
    expect([complete(expired), complete(expired)]).toEqual(["order expired", "order expired"]);
    expect(awaited.outcome()).toMatchObject({rejected: [], missing: exits});
    orderAgain(requestedAt + 1);
    expect([complete(expired), complete({...expired, code: "EXIT_REFUSED"})]).toEqual(["stale", "stale"]);
    expect(rejectBatch()).toBe("batch rejected");
    expect(awaited.outcome()).toMatchObject({rejected: [{exit: other}], missing: [exit]});
    expect(rejectBatch()).toBe("not ours");
    expect(complete({...expired, requested_at: requestedAt + 1, code: "EXIT_REFUSED"})).toBe("rejected");
    expect(awaited.unanswered()).toEqual([]);
  });

  it("continues to wait for the exits of a batch whose orders have expired", () => {
    const {awaited, rejectBatch} = setUp();
    expect(rejectBatch({code: "ORDER_EXPIRED"})).toBe("batch rejected");
    expect(awaited.outcome().rejected).toEqual([]);
    expect(awaited.takeExpired()).toEqual(exits);
  });

  it("ignores the rejection of another operator's batch", () => {
    const {awaited, rejectBatch} = setUp();
    expect(rejectBatch({batch_id: "batch-2"})).toBe("not ours");
    expect(awaited.unanswered()).toEqual(exits);
  });
});
