import {concat, encodeAbiParameters, type Hex, keccak256, parseAbiParameters} from "viem";
import {describe, expect, it} from "vitest";
import {readHarvest} from "../../../src/vaults/fetchHarvest.js";

const vault = "0xabcdefabcdefabcdefabcdefabcdefabcdefabcd";
const other: Hex = `0x${"77".repeat(32)}`;
const proof = [other];

/** A tree of two leaves: the vault's, and another. */
function rootOf(reward: bigint, unlocked: bigint): string {
  const encoded = encodeAbiParameters(parseAbiParameters("address, int160, uint160"), [vault, reward, unlocked]);
  const leaf = keccak256(keccak256(encoded));
  return keccak256(concat(leaf < other ? [leaf, other] : [other, leaf]));
}
const fileOf = (consensus: bigint, unlocked: bigint, locked: bigint, more: object = {}): Uint8Array => {
  const entry = {vault: "0xABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD", proof, ...more};
  // As the Keeper's file has them: numbers of JSON, of any length.
  const amounts = `"consensus_reward":${consensus},"unlocked_mev_reward": ${unlocked} ,"locked_mev_reward":${locked}`;
  return Buffer.from(`{"vaults":[{"vault":"0x01"},{${amounts},${JSON.stringify(entry).slice(1)}]}`);
};
const consensus = 123_456_789_012_345_678_901n;
const [unlocked, locked] = [9_007_199_254_740_993n, 5n];

describe("the rewards of a vault", () => {
  it.each([
    {escrow: "shared", reward: consensus + unlocked + locked, unlockedMevReward: unlocked},
    {escrow: "shared, Gnosis", reward: consensus, unlockedMevReward: unlocked},
    {escrow: "own", reward: consensus, unlockedMevReward: 0n},
  ])("are read to the last wei: $escrow", ({reward, unlockedMevReward}) => {
    const rewardsRoot = rootOf(reward, unlockedMevReward);
    const harvest = readHarvest(vault, rewardsRoot, fileOf(consensus, unlocked, locked));
    expect(harvest).toEqual({rewardsRoot, reward, unlockedMevReward, proof});
  });

  it("may be a loss", () => {
    const rewardsRoot = rootOf(-consensus, 0n);
    expect(readHarvest(vault, rewardsRoot, fileOf(-consensus, 0n, 0n)).reward).toBe(-consensus);
  });

  it("may be written as text", () => {
    const text = Buffer.from(fileOf(consensus, unlocked, locked))
      .toString()
      .replace(`${consensus}`, `"${consensus}"`);
    const rewardsRoot = rootOf(consensus, 0n);
    expect(readHarvest(vault, rewardsRoot, Buffer.from(text)).reward).toBe(consensus);
  });
});

it.each([
  {what: "another amount", file: fileOf(consensus + 1n, unlocked, locked)},
  {what: "a wrong proof", file: fileOf(consensus, unlocked, locked, {proof: [`0x${"78".repeat(32)}`]})},
  {what: "no proof", file: fileOf(consensus, unlocked, locked, {proof: []})},
])("refuses rewards that their proof does not show: $what", ({file}) => {
  const rewardsRoot = rootOf(consensus + unlocked + locked, unlocked);
  expect(() => readHarvest(vault, rewardsRoot, file)).toThrow("does not fit the Keeper's root");
});

it.each([
  {what: "is no JSON, without a word of it", file: "<html>", says: /^its answer is not JSON$/},
  {what: "is another file", file: "{}", says: "not a file of rewards"},
  {what: "does not have the vault", file: '{"vaults":[null,{}]}', says: "does not have the vault"},
  {what: "has half of its rewards", file: `{"vaults":[{"vault":"${vault}","proof":[]}]}`, says: "does not have the vault"},
])("refuses content that $what", ({file, says}) => {
  expect(() => readHarvest(vault, other, Buffer.from(file))).toThrow(says);
});
