import {expect, it} from "vitest";
import {amountsOf, stakeableGwei, whyNotStake} from "../../../src/vaults/amounts.js";

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
