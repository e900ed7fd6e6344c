import {describe, expect, it} from "vitest";
import type {Deposit} from "../../../schemas/deposit.js";
import {depositCompletion} from "../../../schemas/depositCompletion.js";
import type {SecretKey} from "../../../src/bls/curve.js";
import {createAwaitedExits} from "../../../src/client/awaitedExits.js";
import type {CompletionContext} from "../../../src/client/completionContext.js";
import {handleCompletion} from "../../../src/client/handleCompletion.js";
import {networks} from "../../../src/consensus/networks.js";
import {depositRootOf} from "../../../src/exits/depositId.js";
import {exitKeyOf} from "../../../src/exits/exitId.js";
import {fixedOracles} from "../../../src/oracles/liveOracles.js";
import {toHex} from "../../../src/runtime/hex.js";
import {createThrottledLog} from "../../../src/runtime/throttledLog.js";
import {aSecretKey} from "../../support/examples/keys.js";
import {aDeposit, aDepositCompletion, aDepositRejection, toBytes} from "../../support/examples/messages.js";
import {oracleSet} from "../../support/examples/split.js";
import {aLogger} from "../../support/logger.js";

const network = networks.hoodi;
const key = aSecretKey("first");
const publicKey = toHex(key.toPublicKey().toBytes());
const deposit = aDeposit();
const exit = {network, publicKey, validatorIndex: 40, deposit};
const requestedAt = 1_700_000_000_000;
const signed = (of: Deposit, by: SecretKey = key): string =>
  toHex(by.sign(depositRootOf({network, publicKey, deposit: of})).toBytes());

const setUp = () => {
  const awaited = createAwaitedExits([exit]);
  const answers: CompletionContext = {
    network,
    oracles: fixedOracles(oracleSet),
    awaited,
    requestedAtOf: new Map([[exitKeyOf(exit), requestedAt]]),
    aggregatorNkey: "",
    forOtherSet: createThrottledLog(aLogger().logger, ""),
    batches: new Map(),
    publicKeys: new Map([[publicKey, key.toPublicKey()]]),
  };
  const read = (completion: ReturnType<typeof aDepositCompletion>): string =>
    handleCompletion(answers, {
      subject: depositCompletion.subject(completion),
      data: toBytes(JSON.stringify(completion)),
      timestampMs: 0,
    });
  return {
    awaited,
    complete: (change: object = {}) => read(aDepositCompletion({public_key: publicKey, signature: signed(deposit), ...change})),
    reject: (change: object = {}) => read(aDepositRejection({public_key: publicKey, requested_at: requestedAt, ...change})),
  };
};

describe("a deposit's completion", () => {
  it("is taken, once", () => {
    const {awaited, complete} = setUp();
    expect([complete(), complete()]).toEqual(["completed", "not awaited"]);
    expect(awaited.isOpen(exit)).toBe(true);
    awaited.complete({exit, oraclesConfigHash: "0x00", result: {public_keys: [], encrypted_exit_signatures: []}});
    expect(awaited.outcome().completed).toMatchObject([{deposit: {...deposit, signature: signed(deposit)}}]);
  });

  it.each([
    {id: "another key's", signature: signed(deposit, aSecretKey("second"))},
    {id: "of another amount", signature: signed(aDeposit({amount: 1_000_000_000}))},
    {id: "of another vault", signature: signed(aDeposit({vault: `0x${"66".repeat(20)}`}))},
    {id: "not a point", signature: `0x${"00".repeat(96)}`},
    {id: "infinity", signature: `0xc0${"00".repeat(95)}`},
  ])("is rejected with COMPLETION_INVALID if its signature is $id, and the deposit still awaited", ({signature}) => {
    const {awaited, complete} = setUp();
    expect(() => complete({signature})).toThrow(expect.objectContaining({code: "COMPLETION_INVALID"}));
    expect(awaited.findByDeposit(exit)).toEqual(exit);
  });

  it.each([
    {id: "another amount", change: {deposit: aDeposit({amount: 64_000_000_000})}},
    {id: "another vault", change: {deposit: aDeposit({vault: `0x${"66".repeat(20)}`})}},
    {id: "another type", change: {deposit: aDeposit({validator_type: "0x02"})}},
    {id: "another key", change: {public_key: `0x${"ab".repeat(48)}`}},
    {id: "another network", change: {network: "gnosis"}},
  ])("is ignored if it is of $id", ({change}) => {
    const {complete, reject} = setUp();
    expect([complete(change), reject(change)]).toEqual(["not awaited", "not awaited"]);
  });

  it("may be a rejection, which rejects its exit too", () => {
    const {awaited, reject} = setUp();
    expect(reject({code: "DEPOSIT_REFUSED", reason: "they refuse"})).toBe("rejected");
    expect(awaited.outcome()).toMatchObject({rejected: [{exit, code: "DEPOSIT_REFUSED", reason: "they refuse"}], missing: []});
  });

  it("may reject an order that has expired: exit and deposit are then to be ordered again", () => {
    const {awaited, reject} = setUp();
    expect(reject({code: "ORDER_EXPIRED"})).toBe("order expired");
    expect(awaited.outcome()).toMatchObject({rejected: [], missing: [exit]});
    expect(awaited.takeExpired()).toEqual([exit]);
  });

  it("is ignored if it is a rejection of an earlier request", () => {
    const {awaited, reject} = setUp();
    for (const other of [-1, 1]) expect(reject({requested_at: requestedAt + other})).toBe("stale");
    expect(awaited.unanswered()).toEqual([exit]);
  });
});
