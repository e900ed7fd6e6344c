import {describe, expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {exitKeyOf, fromExitKey, validatorKeyOf} from "../../../src/exits/exitId.js";

const exit = {network: networks.hoodi, publicKey: `0x${"ab".repeat(48)}`, validatorIndex: 42};

it("identifies a validator by network and key", () => {
  expect(validatorKeyOf(exit)).toBe(`hoodi:0x${"ab".repeat(48)}`);
});

it("identifies an exit by network, key and index: another index is another exit", () => {
  expect(exitKeyOf(exit)).toBe(`hoodi:0x${"ab".repeat(48)}:42`);
  expect(exitKeyOf({...exit, validatorIndex: 43})).not.toBe(exitKeyOf(exit));
  expect(exitKeyOf({...exit, network: networks.gnosis})).not.toBe(exitKeyOf(exit));
});

describe("fromExitKey", () => {
  const publicKey = `0x${"ab".repeat(48)}`;
  const network = networks.hoodi;

  it("reads what exitKeyOf wrote", () => {
    const exit = {network, publicKey, validatorIndex: 1000};
    expect(fromExitKey(exitKeyOf(exit), network)).toEqual(exit);
  });

  it.each([
    {id: "nothing", key: ""},
    {id: "another network", key: `mainnet:${publicKey}:1000`},
    {id: "no index", key: `hoodi:${publicKey}`},
    {id: "an empty index", key: `hoodi:${publicKey}:`},
    {id: "an index that is not an integer", key: `hoodi:${publicKey}:1.5`},
    {id: "an index in hex", key: `hoodi:${publicKey}:0x10`},
    {id: "an index above 2^53", key: `hoodi:${publicKey}:9007199254740993`},
    {id: "a short key", key: "hoodi:0xab:1000"},
    {id: "something after it", key: `hoodi:${publicKey}:1000:x`},
  ])("is undefined for $id", ({key}) => {
    expect(fromExitKey(key, network)).toBeUndefined();
  });
});
