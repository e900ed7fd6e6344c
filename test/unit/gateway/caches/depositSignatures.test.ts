import {expect, it} from "vitest";
import type {Validator} from "../../../../src/clusters/cluster.js";
import {networks} from "../../../../src/consensus/networks.js";
import {depositRootOf} from "../../../../src/exits/depositId.js";
import {createDepositSignatures} from "../../../../src/gateway/caches/depositSignatures.js";
import {toHex} from "../../../../src/runtime/hex.js";
import {silent} from "../../../support/servers.js";
import {aDeposit, createTestCluster, type Dealt} from "../../../support/stage.js";

const {dealt} = createTestCluster("c1", {validators: 1});
const [{publicKeyHex: publicKey, validator, dealt: secrets}] = dealt as [Dealt & {validator: Validator}];
const id = {network: networks.hoodi, publicKey, deposit: aDeposit()};
const other = {...id, deposit: aDeposit({amount: 33_000_000_000})};
const signed = toHex(secrets.secretKey.sign(depositRootOf(id)).toBytes());

it("accepts the validator's signature of this very deposit, and nothing else", async () => {
  const {isGood} = createDepositSignatures(silent);
  const rows = [
    {of: id, signature: signed, good: true},
    {of: other, signature: signed, good: false},
    {of: id, signature: `0x${"ab".repeat(96)}`, good: false},
    {of: id, signature: "0x", good: false},
    {of: id, signature: signed, good: true},
  ];
  for (const {of, signature, good} of rows) expect(await isGood(of, validator.publicKey, signature)).toBe(good);
});
