import {expect, it} from "vitest";
import type {Validator} from "../../../../src/clusters/cluster.js";
import {networks} from "../../../../src/consensus/networks.js";
import {depositKeyOf, depositRootOf} from "../../../../src/exits/depositId.js";
import {createDepositSignatures} from "../../../../src/gateway/caches/depositSignatures.js";
import {createPollLogs} from "../../../../src/gateway/caches/pollLogs.js";
import {toHex} from "../../../../src/runtime/hex.js";
import {aLogger} from "../../../support/logger.js";
import {silent} from "../../../support/servers.js";
import {aDeposit, createTestCluster, type Dealt} from "../../../support/stage.js";

const {dealt} = createTestCluster("c1", {validators: 1});
const [{publicKeyHex: publicKey, validator, dealt: secrets}] = dealt as [Dealt & {validator: Validator}];
const id = {network: networks.hoodi, publicKey, deposit: aDeposit()};
const other = {...id, deposit: aDeposit({amount: 33_000_000_000})};
const signed = toHex(secrets.secretKey.sign(depositRootOf(id)).toBytes());

it("accepts the validator's signature of this very deposit, and nothing else", async () => {
  const {isGood} = createDepositSignatures(createPollLogs(silent));
  const rows = [
    {of: id, signature: signed, good: true},
    {of: other, signature: signed, good: false},
    {of: id, signature: `0x${"ab".repeat(96)}`, good: false},
    {of: id, signature: "0x", good: false},
    {of: id, signature: signed, good: true},
  ];
  for (const {of, signature, good} of rows) expect(await isGood(of, validator.publicKey, signature)).toBe(good);
});

it("forgets what it verified before there is too much of it: whoever asks for other amounts has new ones made", async () => {
  const {isGood} = createDepositSignatures(createPollLogs(silent), {mostKnown: 2});
  const [stranger] = createTestCluster("c2", {validators: 1}).dealt as [Dealt];
  expect(await isGood(id, validator.publicKey, signed)).toBe(true);
  expect(await isGood(other, validator.publicKey, signed)).toBe(false);
  // Known, so that the key is not looked at.
  expect(await isGood(id, stranger.validator.publicKey, signed)).toBe(true);
  expect(await isGood(other, validator.publicKey, "0x")).toBe(false);
  expect(await isGood(id, stranger.validator.publicKey, signed)).toBe(false);
});

it("logs a bad one once, however often it is polled, and that no deposit has a bad one any more", async () => {
  const {logger, logged} = aLogger();
  const {isGood} = createDepositSignatures(createPollLogs(logger));
  for (const _ of [1, 2, 3]) await isGood(id, validator.publicKey, "0x");
  for (const _ of [1, 2]) await isGood(id, validator.publicKey, signed);
  expect(logged).toMatchObject([
    {msg: "stored deposit signatures are not served", code: "STORED_INVALID", deposits: [depositKeyOf(id)]},
    {msg: "no stored deposit signature is kept from operators for this reason any more", failures: 3},
  ]);
});
