import {describe, expect, it} from "vitest";
import {toConsolidationCall, toFundingCall, toRegistrationCall, toWithdrawalCall} from "../../../src/execution/vaultCalls.js";
import {asksForSame, readRequest} from "../../../src/execution/vaultRequest.js";
import type {KeyAmount} from "../../../src/vaults/validatorsManager.js";
import {encodeConsolidations, encodeFundings, encodeWithdrawals} from "../../../src/vaults/vaultValidators.js";

const vault = `0x${"a1".repeat(20)}`;
const [one, other] = ["01", "02"].map((byte) => `0x${byte.repeat(48)}`) as [string, string];
const withdrawal = (amounts: KeyAmount[], managerSignature = "0x", to = vault) =>
  toWithdrawalCall({vault: to, validators: encodeWithdrawals(amounts), managerSignature}, 7n);
const harvest = {rewardsRoot: `0x${"00".repeat(32)}`, reward: 1n, unlockedMevReward: 1n, proof: []} as const;

describe("a call of a vault", () => {
  it.each([
    {
      id: "a withdrawal",
      call: withdrawal([
        {publicKey: other, amount: 0},
        {publicKey: one, amount: 1_500_000_000},
      ]),
      kind: "withdraw",
      validators: [
        {publicKey: one, asked: 1_500_000_000},
        {publicKey: other, asked: 0},
      ],
    },
    {
      id: "a consolidation",
      call: toConsolidationCall(
        {vault, validators: encodeConsolidations([{source: one, target: other}]), managerSignature: "0x"},
        {value: 1n, oracleSignatures: "0x"},
      ),
      kind: "consolidate",
      validators: [{publicKey: one, asked: other}],
    },
    {
      id: "a top-up after a harvest",
      call: toFundingCall(
        {vault, validators: encodeFundings(vault, [{publicKey: one, amount: 1_950_000_000_000}]), managerSignature: "0x"},
        harvest,
      ),
      kind: "fund",
      validators: [{publicKey: one, asked: 1_950_000_000_000}],
    },
  ])("that is $id is read", ({call, kind, validators}) => {
    expect(readRequest(call)).toEqual({kind, vault, validators});
  });

  const registration = toRegistrationCall({
    vault,
    harvest: undefined,
    validatorsRegistryRoot: `0x${"00".repeat(32)}`,
    validators: new Uint8Array(176),
    approval: {deadline: 1, ipfsHash: "hash", signatures: "0x"},
    managerSignature: "0x",
  });
  it.each([
    {id: "a registration", data: registration.data},
    {id: "nothing", data: "0x"},
    {id: "of no function of a vault", data: "0x12345678"},
    {id: "cut off", data: withdrawal([{publicKey: one, amount: 1}]).data.slice(0, 100)},
  ])("that is $id asks for nothing of the kind", ({data}) => {
    expect(readRequest({to: vault, data})).toBeUndefined();
  });
});

it("asks for the same as another, whoever signed it, in whatever order", () => {
  const [first, second] = [
    {publicKey: one, amount: 1},
    {publicKey: other, amount: 2},
  ] as const;
  const asked = readRequest(withdrawal([first, second]));
  expect(asksForSame(asked, readRequest(withdrawal([second, first], `0x${"11".repeat(65)}`)))).toBe(true);
  expect(asksForSame(asked, readRequest(withdrawal([first])))).toBe(false);
  expect(asksForSame(asked, readRequest(withdrawal([first, {...second, amount: 3}])))).toBe(false);
  expect(asksForSame(asked, readRequest(withdrawal([first, second], "0x", `0x${"b2".repeat(20)}`)))).toBe(false);
  expect(asksForSame(undefined, undefined)).toBe(false);
});
