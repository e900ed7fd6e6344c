import {describe, expect, it} from "vitest";
import {toResultsFile} from "../../../src/client/results.js";
import {networks} from "../../../src/consensus/networks.js";

const publicKey = `0x${"ab".repeat(48)}`;
const result = {public_keys: ["0x01"], encrypted_exit_signatures: ["0x02"]};

it("writes results under the names that StakeWise's operator reads, in their order", () => {
  const completed = [9, 7].map((validatorIndex) => ({
    exit: {network: networks.hoodi, publicKey, validatorIndex},
    oraclesConfigHash: "0x03",
    result,
  }));
  const text = toResultsFile("hoodi", completed);
  expect(text.endsWith("}\n")).toBe(true);
  expect(JSON.parse(text)).toEqual({
    network: "hoodi",
    validators: [9, 7].map((validator_index) => ({
      public_key: publicKey,
      validator_index,
      oracles_config_hash: "0x03",
      oracles_exit_signature_shares: result,
    })),
  });
});

describe("an existing results file", () => {
  const entry = (validatorIndex: number, oraclesConfigHash: string, shard: string, deposit = {}) => ({
    public_key: publicKey,
    validator_index: validatorIndex,
    oracles_config_hash: oraclesConfigHash,
    oracles_exit_signature_shares: {public_keys: [shard], encrypted_exit_signatures: ["0x02"]},
    ...deposit,
  });
  const deposit = {vault: "0x04", validator_type: "0x01" as const, amount: 1, deposit_signature: "0x05"};
  const before = [entry(9, "0x03", "0x0a", deposit), entry(7, "0x03", "0x0b"), entry(7, "0x04", "0x0c")];
  const merged = (...indexes: number[]) => {
    const completed = indexes.map((validatorIndex) => ({
      exit: {network: networks.hoodi, publicKey, validatorIndex},
      oraclesConfigHash: "0x03",
      result,
    }));
    return JSON.parse(toResultsFile("hoodi", completed, before)).validators;
  };

  it.each([
    {id: "keeps everything if nothing is new", indexes: [], expected: before},
    {id: "gets new entries at its end", indexes: [8], expected: [...before, entry(8, "0x03", "0x01")]},
    {
      id: "has an entry replaced in place by a newer one of the same exit and oracle set",
      indexes: [7],
      expected: [before[0], entry(7, "0x03", "0x01"), before[2]],
    },
    {
      id: "keeps the deposit of an exit that is requested alone",
      indexes: [9],
      expected: [entry(9, "0x03", "0x01", deposit), before[1], before[2]],
    },
  ])("$id", ({indexes, expected}) => {
    expect(merged(...indexes)).toEqual(expected);
  });
});

it("writes no results as an empty list", () => {
  expect(JSON.parse(toResultsFile("gnosis", []))).toEqual({network: "gnosis", validators: []});
});

it("writes a deposit's signature and amount under the names that StakeWise's operator has for them", () => {
  const deposit = {vault: "0x04", amount: 32_000_000_000, validator_type: "0x01" as const, signature: "0x05"};
  const exit = {network: networks.hoodi, publicKey, validatorIndex: 9};
  const {validators} = JSON.parse(toResultsFile("hoodi", [{exit, oraclesConfigHash: "0x03", result, deposit}]));
  expect(validators).toEqual([
    {
      public_key: publicKey,
      validator_index: 9,
      oracles_config_hash: "0x03",
      oracles_exit_signature_shares: result,
      vault: "0x04",
      validator_type: "0x01",
      amount: 32_000_000_000,
      deposit_signature: "0x05",
    },
  ]);
});
