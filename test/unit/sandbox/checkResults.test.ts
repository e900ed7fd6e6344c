import {describe, expect, it} from "vitest";
import type {CompletedExit} from "../../../src/client/outcome.js";
import {toResultsFile} from "../../../src/client/results.js";
import {networks} from "../../../src/consensus/networks.js";
import {toHex} from "../../../src/runtime/hex.js";
import {checkResults} from "../../../src/sandbox/checkResults.js";
import {aSecretKey} from "../../support/examples/keys.js";
import {oracleKeys, oracleSet, split} from "../../support/examples/split.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const network = networks.hoodi;
const keys = [aSecretKey("first"), aSecretKey("second")];
const validators = keys.map((key, position) => ({publicKey: toHex(key.toPublicKey().toBytes()), validatorIndex: 40 + position}));
const completed = keys.map((key, position): CompletedExit => {
  const validator = validators[position] as (typeof validators)[number];
  return {exit: {network, ...validator}, oraclesConfigHash: oracleSet.configHash, result: split(key, validator.validatorIndex)};
});
const [first, second] = completed as [CompletedExit, CompletedExit];
const stranger = toHex(aSecretKey("a stranger").toPublicKey().toBytes());
const changed = (change: Partial<CompletedExit["result"]>): CompletedExit[] => [
  first,
  {...second, result: {...second.result, ...change}},
];
const check = (exits: readonly CompletedExit[], privateKeys?: readonly Uint8Array[]) =>
  checkResults(folder.write("results.json", toResultsFile("hoodi", exits)), {network, oracleSet, validators}, privateKeys);

describe("checkResults", () => {
  it.each([
    {id: "with the oracles' keys", privateKeys: oracleKeys},
    {id: "without them", privateKeys: undefined},
  ])("passes good results $id", async ({privateKeys}) => {
    await expect(check(completed, privateKeys)).resolves.toBeUndefined();
  });

  const {public_keys, encrypted_exit_signatures} = second.result;
  it.each([
    {id: "one missing", exits: [first]},
    {id: "none", exits: []},
    {id: "another order", exits: [second, first]},
    {id: "another index", exits: [first, {...second, exit: {...second.exit, validatorIndex: 99}}]},
    {id: "a false public key shard", exits: changed({public_keys: public_keys.with(4, stranger)})},
    {id: "an encrypted shard too few", exits: changed({encrypted_exit_signatures: encrypted_exit_signatures.slice(0, 4)})},
    {id: "fewer public key shards than recover an exit", exits: changed({public_keys: public_keys.slice(0, 1)})},
    {id: "another validator's shards", exits: changed(first.result)},
  ])("refuses $id, also without the oracles' keys", async ({exits}) => {
    await expect(check(exits)).rejects.toThrow();
    await expect(check(exits, oracleKeys)).rejects.toThrow();
  });

  it.each([
    {id: "another oracle's shard", exits: changed({encrypted_exit_signatures: encrypted_exit_signatures.toReversed()})},
    {id: "shards of another exit of the key", exits: changed(split(keys[1] as (typeof keys)[number], 7))},
  ])("refuses $id, which only the oracles can tell", async ({exits}) => {
    await expect(check(exits)).resolves.toBeUndefined();
    await expect(check(exits, oracleKeys)).rejects.toThrow();
  });

  it("refuses what is no results file", async () => {
    const path = folder.write("results.json", {network: "hoodi"});
    await expect(checkResults(path, {network, oracleSet, validators})).rejects.toMatchObject({code: "COMPLETION_INVALID"});
  });
});
