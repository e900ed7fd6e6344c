import {describe, expect, it} from "vitest";
import {networkNames} from "../../../schemas/fields.js";
import {networkNameOf, networks} from "../../../src/consensus/networks.js";
import {toHex} from "../../../src/runtime/hex.js";

it("has every network that messages can name", () => {
  expect(Object.keys(networks)).toEqual([...networkNames]);
});

it("knows the chain id of each", () => {
  const chainIds = Object.values(networks).map(({name, chainId}) => [name, chainId]);
  expect(Object.fromEntries(chainIds)).toEqual({mainnet: 1, hoodi: 560048, gnosis: 100});
});

describe("networkNameOf", () => {
  it.each([
    {forkVersion: "0x00000000", expected: "mainnet"},
    {forkVersion: "0x10000910", expected: "hoodi"},
    {forkVersion: "0x00000064", expected: "gnosis"},
    {forkVersion: "0x00001020", expected: "goerli"},
    {forkVersion: "0x90000069", expected: "sepolia"},
    {forkVersion: "0x01017000", expected: "holesky"},
    {forkVersion: "0x0000006f", expected: "chiado"},
    {forkVersion: "0x0000006F", expected: "chiado"},
    {forkVersion: "0xdeadbeef", expected: "an unknown network"},
    {forkVersion: "0x40000910", expected: "an unknown network"},
  ])("returns $expected for $forkVersion", ({forkVersion, expected}) => {
    expect(networkNameOf(forkVersion)).toBe(expected);
  });

  it("finds each of ours by its genesis fork version", () => {
    const found = Object.values(networks).map(({genesisForkVersion}) => networkNameOf(toHex(genesisForkVersion)));
    expect(found).toEqual([...networkNames]);
  });
});
