import {describe, expect, it} from "vitest";
import {amountsOf, stakeableGwei, topUpsOf, whyNotRegistered, whyNotStake} from "../../../src/vaults/amounts.js";
import {typedText} from "../../../src/vaults/amountText.js";
import type {VaultRules} from "../../../src/vaults/vaultRules.js";

const eth = 1_000_000_000;
const ether = 10n ** 18n;

it.each([
  {network: "mainnet", assets: 64n * ether, kept: 0, expected: 64 * eth},
  {network: "mainnet", assets: 64n * ether + 999_999_999n, kept: 0, expected: 64 * eth},
  {network: "hoodi", assets: 64n * ether, kept: 40 * eth, expected: 24 * eth},
  {network: "hoodi", assets: 32n * ether, kept: 40 * eth, expected: 0},
  {network: "gnosis", assets: ether, kept: 0, expected: 32 * eth},
  {network: "gnosis", assets: 2n * ether, kept: 32 * eth, expected: 32 * eth},
] as const)("of $assets wei on $network, $expected gwei can be staked if $kept stay", ({network, assets, kept, expected}) => {
  expect(stakeableGwei(network, assets, kept)).toBe(expected);
});

it.each([
  {type: "0x01", assets: 31 * eth, expected: []},
  {type: "0x01", assets: 100 * eth, expected: [32, 32, 32]},
  {type: "0x01", assets: 1000 * eth, limit: 2, expected: [32, 32]},
  {type: "0x02", assets: 32 * eth - 1, expected: []},
  {type: "0x02", assets: 32 * eth, expected: [32]},
  {type: "0x02", assets: 33.5 * eth, expected: [33.5]},
  {type: "0x02", assets: 1945 * eth, expected: [1945]},
  {type: "0x02", assets: 1960 * eth, expected: [1945]},
  {type: "0x02", assets: 2000 * eth, expected: [1945, 55]},
  {type: "0x02", assets: 2000 * eth, limit: 1, expected: [1945]},
  {type: "0x02", assets: 100 * eth, max: 32, expected: [32, 32, 32]},
] as const)("$assets gwei are $expected ETH of $type validators", ({type, assets, expected, ...more}) => {
  const {limit = 10, max = 1945} = more as {limit?: number; max?: number};
  const wanted = {validatorType: type, maxGwei: max * eth, limit};
  expect(amountsOf(assets, wanted)).toEqual(expected.map((it) => it * eth));
});

it.each([
  {type: "0x01", amount: 32 * eth, isFit: true},
  {type: "0x01", amount: 33 * eth, isFit: false},
  {type: "0x02", amount: 32 * eth - 1, isFit: false},
  {type: "0x02", amount: 32 * eth, isFit: true},
  {type: "0x02", amount: 2048 * eth, isFit: true},
  {type: "0x02", amount: 2048 * eth + 1, isFit: false},
] as const)("a $type validator of $amount gwei: $isFit", ({type, amount, isFit}) => {
  expect(whyNotStake(type, amount) === undefined).toBe(isFit);
});

it.each([
  {id: "the biggest first", assets: 1000, balances: [32, 1900, 1000], expected: {1: 45, 2: 945, 0: 10}},
  {id: "as far as the assets go", assets: 60, balances: [1900, 1000], expected: {0: 45, 1: 15}},
  {id: "not with less than 10 ETH", assets: 9.99, balances: [32], expected: {}},
  {id: "with 10 ETH", assets: 10, balances: [32], expected: {0: 10}},
  {id: "not where less than 10 ETH of room is left", assets: 100, balances: [1940, 1945, 2000], expected: {}},
  {id: "not more at once than allowed", assets: 100, balances: [32, 33], most: 20, expected: {1: 20, 0: 20}},
  {id: "not if less than 10 ETH is allowed", assets: 100, balances: [32], most: 9, expected: {}},
] as const)("tops up $id", ({assets, balances, expected, ...more}) => {
  const validators = balances.map((balance, position) => ({publicKey: `${position}`, balance: balance * eth}));
  const {most = 2000} = more as {most?: number};
  const topUps = topUpsOf(assets * eth, validators, {maxGwei: 1945 * eth, mostGwei: most * eth});
  expect(topUps).toEqual(
    Object.entries(expected)
      .map(([publicKey, amount]) => ({publicKey, amount: amount * eth}))
      .sort(byBalance),
  );
  function byBalance(one: {publicKey: string}, other: {publicKey: string}): number {
    return (balances[Number(other.publicKey)] as number) - (balances[Number(one.publicKey)] as number);
  }
});

describe("why an amount cannot be registered", () => {
  const rules: VaultRules = {
    vault: `0x${"ab".repeat(20)}`,
    clusters: new Set(["alpha"]),
    operations: new Map([["register", {maxAmount: 1_900_500_000_000}]]),
    allowFullExits: false,
  };

  it.each([
    {type: "0x02" as const, amount: 31_500_000_000, why: "31.5 ETH is not between 32 ETH and 2048 ETH"},
    {type: "0x01" as const, amount: 33_000_000_001, why: "a 0x01 validator has 32 ETH, not 33.000000001 ETH"},
    {type: "0x02" as const, amount: 1_945_000_000_000, why: "1945 ETH is more than the 1900.5 ETH that the vault's rules allow"},
  ])("is said in the unit that people type: $why", ({type, amount, why}) => {
    expect(whyNotRegistered(rules, type, [amount], typedText("hoodi"))).toBe(why);
  });

  it("is said in mGNO on Gnosis, and to programs in gwei", () => {
    expect(whyNotRegistered(rules, "0x02", [1], typedText("gnosis"))).toBe(
      "0.000000001 mGNO is not between 32 mGNO and 2048 mGNO",
    );
    expect(whyNotRegistered(rules, "0x02", [1])).toBe("1 gwei is not between 32000000000 gwei and 2048000000000 gwei");
  });
});
