import {describe, expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {exitKeyOf, fromExitKey, validatorKeyOf} from "../../../src/exits/exitId.js";

const exit = {network: networks.hoodi, publicKey: `0x${"ab".repeat(48)}`, validatorIndex: 42};

it("names a validator by its network and key", () => {
  expect(validatorKeyOf(exit)).toBe(`hoodi:0x${"ab".repeat(48)}`);
});

it("names an exit by network, key and index, so that another index is another exit", () => {
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
    {id: "an index that is no whole number", key: `hoodi:${publicKey}:1.5`},
    {id: "an index written otherwise", key: `hoodi:${publicKey}:0x10`},
    {id: "an index past what a number holds", key: `hoodi:${publicKey}:9007199254740993`},
    {id: "a short key", key: "hoodi:0xab:1000"},
    {id: "something behind it", key: `hoodi:${publicKey}:1000:x`},
  ])("takes none of $id", ({key}) => {
    expect(fromExitKey(key, network)).toBeUndefined();
  });
});
